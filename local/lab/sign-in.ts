import { z } from "zod";
import { LOGIN } from "../../src/api/login.ts";
import type { Gateway } from "../gateway/gateway.ts";
import { headerValues, type GatewayRequest } from "../gateway/gateway-request.ts";
import type { GatewayResponse } from "../gateway/proxy-response.ts";
import type { LabParts } from "./parts.ts";

const withToken = z.looseObject({ token: z.string() });
const SESSION_COOKIE = "__Host-session";

/** Signs a user in as a client without cookies does, and gives the token. */
export async function logIn(
  { options, port, invoke }: LabParts,
  { userId, userAgent }: { readonly userId: string; readonly userAgent: string },
): Promise<string> {
  if (options.password === undefined) {
    return withToken.parse(await invokeLogin(invoke, { userId, userAgent })).token;
  }
  const response = await fetch(`http://127.0.0.1:${port}${LOGIN.path}`, {
    method: LOGIN.method,
    headers: { "content-type": "application/json", "user-agent": userAgent },
    body: JSON.stringify({ username: userId, password: options.password, deliver: "token" }),
  });
  return withToken.parse(await response.json()).token;
}

/**
 * Signs a device in. Its page's request becomes the one that the sign-in form would send, with the same
 * headers and cookies; the page need not know the password.
 */
export async function signDeviceIn(
  { options, invoke }: LabParts,
  {
    request,
    userId,
    api,
  }: { readonly request: GatewayRequest; readonly userId: string; readonly api: Gateway },
): Promise<GatewayResponse> {
  if (options.password !== undefined) {
    const body = Buffer.from(JSON.stringify({ username: userId, password: options.password }));
    const headers = request.headers.map(([name, value]): readonly [string, string] =>
      name === "content-length" ? [name, String(body.length)] : [name, value],
    );
    return api({ ...request, encodedPath: LOGIN.path, path: LOGIN.path, queryString: "", headers, body });
  }
  const userAgent = headerValues(request, "user-agent")[0] ?? "";
  const answer = await invokeLogin(invoke, { userId, userAgent });
  const read = withToken.safeParse(answer);
  if (!read.success) return json(409, answer, []);
  const { token, ...rest } = read.data;
  return json(201, rest, [
    ["set-cookie", `${SESSION_COOKIE}=${token}; Path=/; Secure; HttpOnly; SameSite=Lax`],
  ]);
}

async function invokeLogin(
  invoke: LabParts["invoke"],
  { userId, userAgent }: { readonly userId: string; readonly userAgent: string },
): Promise<unknown> {
  const result = await invoke("login", JSON.stringify({ user: { id: userId }, device: { userAgent } }));
  if (result.outcome === "fault") throw new Error(result.fault.errorMessage);
  return JSON.parse(result.payload) as unknown;
}

function json(status: number, body: unknown, headers: GatewayResponse["headers"]): GatewayResponse {
  return {
    status,
    headers: [["content-type", "application/json"], ...headers],
    body: Buffer.from(JSON.stringify(body)),
  };
}
