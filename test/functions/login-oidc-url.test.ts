import { randomBytes } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { createLoginOidcHandler } from "../../functions/login-oidc-handler.ts";
import type { GatewayResponse } from "../../src/http/reply.ts";
import type { GatewayEvent } from "../../src/http/request.ts";
import { createOidcFlow, type OidcFlow } from "../../src/identity/oidc-flow.ts";
import { ONE_SESSION } from "../../src/sessions/policy.ts";
import { eventV1, eventV2, lambdaContext } from "../http/events.ts";
import { recordTelemetry } from "../http/recorded-telemetry.ts";
import { startFunctions, type Functions } from "./harness.ts";

const SOURCE = {
  kind: "oidc",
  name: "corp",
  issuer: "https://login.example.com",
  audience: ["app"],
  jwksUri: "https://login.example.com/keys",
  mapping: {},
  flow: {
    clientId: "app",
    scopes: ["openid"],
    endpoints: { authorization: "https://login.example.com/auth", token: "https://login.example.com/token" },
  },
} as const;

let functions: Functions;
beforeAll(async () => void (functions = await startFunctions()));

/** The redirect URI that a sign-in begins with, and the one that its code is exchanged with. */
async function redirectUris(
  eventOf: (path: string, more: { query?: string; cookies?: string[] }) => GatewayEvent,
  publicOrigin?: string,
): Promise<[string | null, string]> {
  let exchanged = "";
  const real = createOidcFlow(randomBytes);
  const flow: OidcFlow = {
    begin: (source, redirectUri) => real.begin(source, redirectUri),
    finish: (_source, answer) => {
      exchanged = answer.origin + answer.pathname;
      return Promise.resolve({ outcome: "not-proven", reason: "no-id-token" });
    },
  };
  const handler = createLoginOidcHandler({
    store: functions.store,
    oidc: { all: [SOURCE], authenticate: () => Promise.reject(new Error("no token came")) },
    flow,
    settings: {
      policy: ONE_SESSION,
      allowedOrigins: [],
      ...(publicOrigin !== undefined && { publicOrigin }),
    },
    policyModule: {},
    clock: Date.now,
    random: randomBytes,
    telemetry: recordTelemetry().telemetry,
  });
  const call = (event: GatewayEvent): Promise<GatewayResponse> => handler(event, lambdaContext());
  const begun = await call(eventOf("/login/oidc", {}));
  const asked = new URL(locationOf(begun)).searchParams;
  const cookie = String(setCookies(begun)[0]).split(";")[0] ?? "";
  const query = `code=c&state=${String(asked.get("state"))}`;
  await call(eventOf("/login/oidc/callback", { query, cookies: [cookie] }));
  return [asked.get("redirect_uri"), exchanged];
}

const locationOf = ({ headers }: GatewayResponse): string =>
  String((headers as Record<string, string>)["Location"]);

function setCookies(response: GatewayResponse): readonly string[] {
  if (response.cookies) return response.cookies;
  const { multiValueHeaders = {} } = response as { multiValueHeaders?: Record<string, readonly string[]> };
  return multiValueHeaders["Set-Cookie"] ?? [];
}

const OWN_HOST = "abc123.execute-api.eu-central-1.amazonaws.com";

const httpApi =
  (host: string, stage: string) =>
  (path: string, more: object): GatewayEvent => {
    const event = eventV2({ path, headers: { host }, ...more });
    const rawPath = stage === "$default" ? path : `/${stage}${path}`;
    return { ...event, rawPath, requestContext: { ...event.requestContext, stage } };
  };

/** @param key the mapping key of a custom domain; at the API's own host the stage is in the path instead. */
const restApi =
  (host: string, key?: string) =>
  (path: string, more: object): GatewayEvent => {
    const event = eventV1({ path, headers: { Host: host }, ...more });
    const asked = `${key ?? "/prod"}${path}`;
    const requestContext = { ...event.requestContext, stage: "prod", path: asked };
    return { ...event, resource: path, path: key === undefined ? path : asked, requestContext };
  };

describe("the redirect URI, at the beginning and at the exchange of the code", () => {
  test.each<[string, Parameters<typeof redirectUris>[0], string | undefined, string]>([
    ["an HTTP API's own host", httpApi(OWN_HOST, "$default"), undefined, `https://${OWN_HOST}`],
    ["its named stage", httpApi(OWN_HOST, "prod"), undefined, `https://${OWN_HOST}/prod`],
    [
      "a custom domain without a mapping key",
      httpApi("api.example.com", "prod"),
      undefined,
      "https://api.example.com",
    ],
    [
      "a custom domain with a mapping key, which the setting says",
      httpApi("api.example.com", "prod"),
      "https://api.example.com/auth",
      "https://api.example.com/auth",
    ],
    [
      "a CDN before a named stage, which the setting says",
      httpApi(OWN_HOST, "prod"),
      "https://www.example.com/",
      "https://www.example.com",
    ],
    [
      "a REST API's own host, whose URL has the stage",
      restApi(OWN_HOST),
      undefined,
      `https://${OWN_HOST}/prod`,
    ],
    [
      "a REST API's mapping key",
      restApi("api.example.com", "/auth"),
      undefined,
      "https://api.example.com/auth",
    ],
    [
      "a REST API's mapping key, said by the setting too",
      restApi("api.example.com", "/auth"),
      "https://api.example.com/auth",
      "https://api.example.com/auth",
    ],
  ])("behind %s", async (_, eventOf, publicOrigin, base) => {
    const uri = `${base}/login/oidc/callback`;
    expect(await redirectUris(eventOf, publicOrigin)).toEqual([uri, uri]);
  });
});
