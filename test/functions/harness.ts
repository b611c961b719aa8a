import type { JwksCache } from "aws-jwt-verify/jwk";
import type { Context } from "aws-lambda";
import { wireBound } from "../../functions/wire-bound.ts";
import { wireDirectory, wireFunctions, wireStore, type Parts } from "../../functions/wiring.ts";
import type { DocumentClient } from "../../src/dynamodb/document-client.ts";
import type { FunctionSettings } from "../../src/runtime/function-settings.ts";
import type { GatewayResponse } from "../../src/http/reply.ts";
import type { PolicyModule } from "../../src/runtime/session-policy.ts";
import { hasAccessTokens } from "../../src/identity/oidc-settings.ts";
import type { UserDirectory } from "../../src/identity/directory.ts";
import { ONE_SESSION } from "../../src/sessions/policy.ts";
import type { SessionStore } from "../../src/sessions/store.ts";
import type { StartRun } from "../../src/jobs/start-run.ts";
import { eventV2, lambdaContext, type Sent } from "../http/events.ts";
import { recordTelemetry, type RecordedTelemetry } from "../http/recorded-telemetry.ts";
import { recordAnswer } from "../support/log-scan/captured.ts";
import { cheapHash, cheapHasher } from "../support/cheap-hash.ts";
import { sdkClient, testClient } from "../support/dynamodb.ts";
import { createTables, type AllTables } from "../support/tables.ts";
import { functionAt } from "./routes.ts";

export const PASSWORD = "local-demo-only";
export const MINUTE = 60_000;

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  readonly body: Record<string, unknown>;
  /** As sent, for what must not be in it. */
  readonly text: string;
}

/** All functions over tables of their own in the real database, with a clock that a test moves. */
export interface Functions {
  readonly store: SessionStore;
  readonly directory: UserDirectory;
  readonly recorded: RecordedTelemetry;
  readonly clock: { now: number };
  readonly tables: AllTables;
  /** What the functions are made of. */
  readonly parts: Parts;
  /** A call through the gateway: `"POST /login"`. */
  send(route: string, sent?: Omit<Sent, "method" | "path">, context?: Context): Promise<Answer>;
  /** The whole event, as the gateway or an invoker hands it over. */
  invoke(
    name: "login" | "admin-logout" | "authorize" | "end-session",
    event: unknown,
    context?: Context,
  ): Promise<unknown>;
  /** A login with the demo password; the token it gave. */
  logIn(username: string, more?: Omit<Sent, "method" | "path">): Promise<string>;
}

export interface Options {
  readonly settings?: Partial<FunctionSettings>;
  readonly policyModule?: PolicyModule;
  /** A store that wraps the real one, for what the real one rarely does. */
  readonly wrapStore?: (store: SessionStore) => SessionStore;
  readonly directory?: "none";
  /** Where OIDC sources get their keys; over TLS unless given. */
  readonly newJwksCache?: () => JwksCache;
  /** A client that reaches the test database by another way, such as a proxy. */
  readonly documents?: DocumentClient;
  /** What starts runs of jobs; nothing does unless given. */
  readonly startRun?: StartRun;
}

export async function startFunctions(options: Options = {}): Promise<Functions> {
  const documents = options.documents ?? testClient();
  const clock = { now: Date.now() };
  const recorded = recordTelemetry();
  const settings: FunctionSettings = {
    era: "1",
    timeouts: { idle: 30 * MINUTE, absolute: 12 * 60 * MINUTE },
    logoutAllSessions: true,
    reauthWithin: 15 * MINUTE,
    policy: ONE_SESSION,
    allowedOrigins: ["https://app.example.com"],
    ...options.settings,
  };
  const time = () => clock.now;
  const client = sdkClient();
  const all = await createTables(client);
  client.destroy();
  const { newJwksCache } = options;
  const tables = options.directory === "none" ? { ...all, users: undefined } : all;
  const { telemetry } = recorded;
  const wired = {
    documents,
    tables,
    settings,
    telemetry,
    clock: time,
    hasher: cheapHasher(),
    policyModule: options.policyModule ?? {},
  };
  const real = wireStore(wired);
  const store = options.wrapStore?.(real) ?? real;
  const unbound: Parts = { ...wired, store, ...(newJwksCache && { newJwksCache }) };
  const isBound = settings.oidcSources?.some(hasAccessTokens) === true;
  const parts: Parts = isBound ? { ...unbound, bound: wireBound(unbound) } : unbound;
  const functions = wireFunctions({ ...parts, startRun: options.startRun ?? (() => Promise.resolve()) });

  async function send(
    route: string,
    sent: Omit<Sent, "method" | "path"> = {},
    context = lambdaContext(),
  ): Promise<Answer> {
    const [method = "", path = ""] = route.split(" ");
    const event = eventV2({ ...sent, method, path });
    const response = (await functions[functionAt(route)](event, context)) as GatewayResponse;
    recordAnswer({ setCookies: response.cookies ?? [], body: response.body });
    return {
      status: response.statusCode,
      headers: response.headers,
      cookies: response.cookies ?? [],
      body: response.body === "" ? {} : (JSON.parse(response.body) as Record<string, unknown>),
      text: response.body,
    };
  }

  return {
    store,
    directory: wireDirectory({ ...wired, tables: all })!,
    recorded,
    clock,
    tables: all,
    parts,
    send,
    invoke: (name, event, context = lambdaContext()) => functions[name](event, context),
    async logIn(username, more = {}) {
      const answer = await send("POST /login", {
        ...more,
        ...json({ username, password: PASSWORD, deliver: "token" }, more.headers),
      });
      if (answer.status !== 201) throw new Error(`login answered ${answer.status} ${answer.text}`);
      return String(answer.body["token"]);
    },
  };
}

export const json = (
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Pick<Sent, "body" | "headers"> => ({
  body: typeof body === "string" ? body : JSON.stringify(body),
  headers: { "content-type": "application/json", ...headers },
});

export const bearer = (token: string): Pick<Sent, "headers"> => ({
  headers: { authorization: `Bearer ${token}` },
});

export const cookie = (token: string): Pick<Sent, "cookies"> => ({ cookies: [`__Host-session=${token}`] });

/** The token in a `Set-Cookie` of an answer. */
export function tokenOf(answer: Answer): string {
  const token = /^__Host-session=([^;]*)/.exec(answer.cookies[0] ?? "")?.[1];
  if (token === undefined) throw new Error("no session cookie");
  return token;
}

/** Users with the demo password. */
export async function addUsers(
  directory: UserDirectory,
  users: Readonly<Record<string, { isAdmin?: boolean; permissions?: readonly string[] }>>,
): Promise<void> {
  const passwordHash = cheapHash(PASSWORD);
  for (const [userName, { isAdmin = false, permissions = [] }] of Object.entries(users)) {
    await directory.add({ userName, passwordHash, isAdmin, permissions });
  }
}
