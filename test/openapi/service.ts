import { SimpleJwksCache } from "aws-jwt-verify/jwk";
import { randomBytes } from "node:crypto";
import { getCACertificates, setDefaultCACertificates } from "node:tls";

import { wireLoginOidc } from "../../functions/wiring.ts";
import type { GatewayResponse } from "../../src/http/reply.ts";
import type { FunctionSettings } from "../../src/runtime/function-settings.ts";
import type { OidcSourceSettings } from "../../src/identity/oidc-settings.ts";
import { NO_LIMIT, type PolicyUser } from "../../src/sessions/policy.ts";
import type { RandomBytes } from "../../src/sessions/token.ts";
import { MINUTE, startFunctions, type Functions } from "../functions/harness.ts";
import { eventV2, lambdaContext, type Sent } from "../http/events.ts";
import { cognitoSource, createSigner } from "../support/access-tokens.ts";
import { testDatabaseEndpoint } from "../support/database-endpoint.ts";
import { testClient } from "../support/dynamodb.ts";
import { startDynamoDbProxy, type DynamoDbProxy } from "../support/dynamodb-proxy.ts";
import { recordAnswer } from "../support/log-scan/captured.ts";
import { CLIENT_ID, makeCertificate, TestProvider } from "../support/oidc-provider.ts";
import { logIn } from "../support/store.ts";
import type { Exchange } from "./documented-answers.ts";

export type Parts = Omit<Sent, "method" | "path">;

/**
 * Every function with an HTTP route, over a real database behind a proxy, and a real OpenID Connect provider.
 */
export interface Service {
  readonly functions: Functions;
  readonly proxy: DynamoDbProxy;
  readonly provider: TestProvider;
  /** A user pool's access token of a sign-in, `ago` milliseconds old, which a claim names. */
  accessToken(sub: string, claim: string, ago?: number): Promise<string>;
  /** A call through the gateway: `"GET /login/oidc"`. */
  send(route: string, parts?: Parts): Promise<Exchange>;
  /** The same at a sign-in function that just started, with randomness and settings of the caller's. */
  sendToFreshFlow(
    route: string,
    parts: Parts,
    random?: RandomBytes,
    more?: Partial<FunctionSettings>,
  ): Promise<Exchange>;
  /** The token of a new session, beside what other sessions there are; of `ago` milliseconds before now. */
  session(userId: string, ago?: number): Promise<string>;
  /** A sign-in at the provider, up to the moment when the browser comes back with this. */
  comeBack(name: string): Promise<{ query: string; cookies: string[]; state: string }>;
  stop(): Promise<void>;
}

/**
 * Asked at one session; the policy fails for whoever is called broken; everybody else has one session, the
 * newest.
 */
function policyOf({ id }: PolicyUser): unknown {
  if (id.endsWith("broken")) throw new Error("no such licence");
  return id.endsWith("asked") ? { limit: 1, atLimit: "ask" } : true;
}

export async function startService(): Promise<Service> {
  const certificate = await makeCertificate();
  const trusted = getCACertificates();
  setDefaultCACertificates([...trusted, certificate.cert]);
  const [provider, proxy] = await Promise.all([
    TestProvider.start(certificate),
    startDynamoDbProxy(testDatabaseEndpoint()),
  ]);
  provider.redirectUris = ["https://api.example.com/login/oidc/callback"];
  provider.restart();

  const source: OidcSourceSettings = {
    kind: "oidc",
    name: "corp",
    issuer: provider.issuer,
    audience: [CLIENT_ID],
    jwksUri: provider.jwksUri,
    mapping: {},
    flow: { clientId: CLIENT_ID, scopes: ["openid"] },
  };
  const settings = {
    policy: { policyExport: "policyOf" },
    oidcSources: [source, cognitoSource()],
  } as const satisfies Partial<FunctionSettings>;
  const policyModule = { policyOf };
  const documents = testClient({ endpoint: proxy.endpoint, tries: 1 });
  const clock = { now: Date.now() };
  const signer = await createSigner(() => clock.now);
  const newJwksCache = (): SimpleJwksCache => {
    const cache = new SimpleJwksCache();
    signer.addKeys(cache);
    return cache;
  };
  const functions = await startFunctions({ documents, settings, policyModule, newJwksCache });

  const newFlow = (random: RandomBytes, more: Partial<FunctionSettings> = {}) =>
    wireLoginOidc({
      ...functions.parts,
      settings: { ...functions.parts.settings, allowedOrigins: [], ...more },
      random,
    });
  const loginOidc = newFlow(randomBytes);

  async function sendTo(handler: typeof loginOidc, route: string, parts: Parts): Promise<Exchange> {
    const [method = "", path = ""] = route.split(" ");
    const response: GatewayResponse = await handler(eventV2({ ...parts, method, path }), lambdaContext());
    const { statusCode: status, headers, cookies = [], body: text } = response;
    recordAnswer({ setCookies: cookies, body: text });
    return { method, path, status, headers, cookies, text };
  }

  async function send(route: string, parts: Parts = {}): Promise<Exchange> {
    const [method = "", path = ""] = route.split(" ");
    if (path.startsWith("/login/oidc")) return sendTo(loginOidc, route, parts);
    const answer = await functions.send(route, parts);
    return { method, path, sentBody: parts.body, ...answer };
  }

  return {
    functions,
    proxy,
    provider,
    accessToken(sub, claim, ago = 0) {
      clock.now = functions.clock.now;
      const at = Math.floor((clock.now - ago) / 1000);
      return signer.cognito({ sub, origin_jti: claim, auth_time: at, "cognito:groups": undefined });
    },
    send,
    async session(userId, ago = 0) {
      const { clock, store } = functions;
      clock.now -= ago;
      const { token } = await logIn(store, userId, { policy: NO_LIMIT });
      clock.now += ago;
      return token.reveal();
    },
    async comeBack(name) {
      const begun = await send("GET /login/oidc");
      const back = await provider.signIn(String(begun.headers["Location"]), name);
      return {
        query: back.search.slice(1),
        cookies: [begun.cookies[0]?.split(";")[0] ?? ""],
        state: back.searchParams.get("state") ?? "",
      };
    },
    sendToFreshFlow: (route, parts, random = randomBytes, more = {}) =>
      sendTo(newFlow(random, more), route, parts),
    async stop() {
      setDefaultCACertificates(trusted);
      documents.destroy();
      await Promise.all([provider.stop(), proxy.stop()]);
    },
  };
}

/** Older than a login may be that ends other sessions, and younger than the idle timeout. */
export const STALE_MS = 16 * MINUTE;
/** Longer than the idle timeout. */
export const IDLE_MS = 31 * MINUTE;
