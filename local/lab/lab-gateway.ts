import { z } from "zod";
import { WATCH } from "../../src/api/get-session.ts";
import { STACK_PATH } from "../local-endpoints.ts";
import type { Gateway } from "../gateway/gateway.ts";
import { headerValues, type GatewayRequest } from "../gateway/gateway-request.ts";
import { gatewayMessage, type GatewayResponse } from "../gateway/proxy-response.ts";
import { PUBLISH_PATH } from "../push/push-server.ts";
import type { LabCalls } from "./calls.ts";
import { DEVICES, deviceOrigin, isOwnPage, isThisMachine, LAB_PATH, labOrigin, placeOf } from "./hosts.ts";
import { createLabPages, framedByLab } from "./lab-page.ts";
import type { LabParts } from "./parts.ts";
import type { LabSettings } from "./shapes.ts";
import { signDeviceIn } from "./sign-in.ts";

const SETTINGS_PATH = `${LAB_PATH}/settings`;
const STATE_PATH = `${LAB_PATH}/state`;
const CALLS_PATH = `${LAB_PATH}/calls/`;
const SIGN_IN_PATH = `${LAB_PATH}/sign-in`;

const forUser = z.object({ user: z.string().min(1).max(512) });

/**
 * The lab before the rest of a local stack: its pages and calls on its own host, and on each device's host
 * the stack as that device sees it.
 */
export function createLabGateway(
  parts: LabParts,
  { calls, otherwise }: { readonly calls: LabCalls; readonly otherwise: Gateway },
): Gateway {
  const { port, happened, options, model } = parts;
  const pageAt = createLabPages(port);

  async function answerOfStack(request: GatewayRequest, from: string): Promise<GatewayResponse> {
    const response = await otherwise(request);
    const code = codeIn(response);
    if (isTold(request, response)) {
      const call = `${request.method} ${request.encodedPath}`;
      happened.tell({ kind: "request", from, call, status: response.status, ...(code && { code }) });
    }
    return response;
  }

  async function answerOfLab(request: GatewayRequest): Promise<GatewayResponse> {
    const { method, encodedPath: path } = request;
    if (method === "GET" && path === SETTINGS_PATH) {
      const devices = DEVICES.map(({ label }, index) => ({ label, origin: deviceOrigin(index, port) }));
      return json({ stackName: model.stackName, users: options.users, devices } satisfies LabSettings);
    }
    if (method === "GET" && path === STATE_PATH) {
      const query = new URLSearchParams(request.queryString);
      const since = query.get("since");
      return json(await calls.state(query.get("user") ?? "", since === null ? undefined : Number(since)));
    }
    const name = path.startsWith(CALLS_PATH) ? path.slice(CALLS_PATH.length) : "";
    const call = Object.hasOwn(calls.byName, name) ? calls.byName[name] : undefined;
    if (method !== "POST" || call === undefined) return gatewayMessage(404, "Not Found");
    return json(await call(bodyOf(request)));
  }

  async function answerOfDevice(request: GatewayRequest, device: number): Promise<GatewayResponse> {
    const asDevice = { ...request, headers: headersOf(request, device) };
    const api: Gateway = (asked) => answerOfStack(asked, `Device ${device + 1}`);
    const { method, encodedPath: path } = request;
    if (!path.startsWith(`${LAB_PATH}/`)) return framedByLab(await api(asDevice), port);
    if (method === "GET" && path === SETTINGS_PATH) {
      const label = DEVICES[device]?.label ?? "";
      return json({ lab: labOrigin(port), number: device + 1, label, hasPages: model.site !== undefined });
    }
    if (method !== "POST" || path !== SIGN_IN_PATH) return gatewayMessage(404, "Not Found");
    const { user } = forUser.parse(bodyOf(request));
    return signDeviceIn(parts, { request: asDevice, userId: user, api });
  }

  return async function answer(request) {
    const place = placeOf(request, port);
    const path = request.encodedPath;
    const isLabs = (path === LAB_PATH || path.startsWith(`${LAB_PATH}/`)) && path !== STACK_PATH;
    if (place.place === "elsewhere" && !isLabs) return answerOfStack(request, request.sourceIp);
    const page = isLabs && request.method === "GET" ? pageAt(path, place.place) : undefined;
    if (page !== undefined) {
      const isKnown = place.place !== "elsewhere" || isThisMachine(request, port);
      return isKnown ? page : gatewayMessage(403, "Forbidden");
    }
    if (place.place === "elsewhere") return gatewayMessage(404, "Not Found");
    if (isLabs && !isOwnPage(request)) return gatewayMessage(403, "Forbidden");
    try {
      return place.place === "lab" ? await answerOfLab(request) : await answerOfDevice(request, place.device);
    } catch (error) {
      if (error instanceof z.ZodError) return gatewayMessage(400, z.prettifyError(error));
      throw error;
    }
  };
}

/** The browser's own hints would tell that all devices are one. */
function headersOf(request: GatewayRequest, device: number): GatewayRequest["headers"] {
  const { userAgent } = DEVICES[device] ?? DEVICES[0];
  return [
    ...request.headers.filter(([name]) => name !== "user-agent" && !name.startsWith("sec-ch-ua")),
    ["user-agent", userAgent],
  ];
}

/** Pages and their files say nothing, nor does who only watches. */
function isTold(request: GatewayRequest, { headers }: GatewayResponse): boolean {
  const type = headers.find(([name]) => name === "content-type")?.[1] ?? "";
  const isFile = request.encodedPath.endsWith(".json") || request.encodedPath === STACK_PATH;
  const isService = headerValues(request, "x-amz-target").length > 0 || request.encodedPath === PUBLISH_PATH;
  const isOfPage = type !== "" && !type.includes("json");
  return !isFile && !isService && !isOfPage && !new URLSearchParams(request.queryString).has(WATCH.name);
}

function codeIn({ status, body }: GatewayResponse): string | undefined {
  if (status < 400) return undefined;
  try {
    const { code } = JSON.parse(body.toString()) as { readonly code?: unknown };
    return typeof code === "string" ? code : undefined;
  } catch {
    return undefined;
  }
}

const bodyOf = (request: GatewayRequest): unknown => {
  try {
    return JSON.parse(request.body.toString()) as unknown;
  } catch {
    return undefined;
  }
};

const json = (body: unknown): GatewayResponse => ({
  status: 200,
  headers: [
    ["content-type", "application/json"],
    ["cache-control", "no-store"],
  ],
  body: Buffer.from(JSON.stringify(body)),
});
