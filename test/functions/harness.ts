import { randomBytes } from "node:crypto";
import type { JwksCache } from "aws-jwt-verify/jwk";
import type { Context } from "aws-lambda";
import { createAdminLogoutHandler } from "../../functions/admin-logout-handler.ts";
import { createAuthorizeHandler } from "../../functions/authorize-handler.ts";
import { createEndSessionHandler } from "../../functions/end-session-handler.ts";
import { createListSessionsHandler } from "../../functions/list-sessions-handler.ts";
import { createLoginHandler } from "../../functions/login-handler.ts";
import { createLogoutHandler } from "../../functions/logout-handler.ts";
import { createValidateHandler } from "../../functions/validate-handler.ts";
import type { DocumentClient } from "../../src/dynamodb/document-client.ts";
import type { FunctionSettings } from "../../src/runtime/function-settings.ts";
import type { GatewayResponse } from "../../src/http/reply.ts";
import type { PolicyModule } from "../../src/runtime/session-policy.ts";
import { createUserDirectory, type UserDirectory } from "../../src/identity/directory.ts";
import { createPasswordHasher } from "../../src/identity/password-hash.ts";
import { createLoginThrottle } from "../../src/identity/login-throttle.ts";
import { createOidcSources } from "../../src/identity/oidc-sources.ts";
import { createPasswordSource } from "../../src/identity/passwords.ts";
import { createThrottledPasswordSource } from "../../src/identity/throttled-passwords.ts";
import { createSessionStore } from "../../src/sessions/create-session-store.ts";
import { ONE_SESSION } from "../../src/sessions/policy.ts";
import type { SessionStore } from "../../src/sessions/store.ts";
import { eventV2, lambdaContext, type Sent } from "../http/events.ts";
import { recordTelemetry, type RecordedTelemetry } from "../http/recorded-telemetry.ts";
import { recordAnswer } from "../support/log-scan/captured.ts";
import {
  createDirectoryTable,
  createSessionsTable,
  createSignInTable,
  testClient,
} from "../support/dynamodb.ts";

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
  /** Its name. */
  readonly signInTable: string;
  /** A call through the gateway: `"POST /login"`. */
  send(route: string, sent?: Omit<Sent, "method" | "path">, context?: Context): Promise<Answer>;
  /** The whole event, as the gateway or an invoker hands it over. */
  invoke(name: "login" | "admin-logout" | "authorize", event: unknown, context?: Context): Promise<unknown>;
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
  const real = createSessionStore({
    documents,
    tableName: await createSessionsTable(),
    settings,
    clock: time,
    onTouchFailure: (error) => recorded.telemetry.touchFailed(error),
  });
  const store = options.wrapStore?.(real) ?? real;
  const directory = createUserDirectory({
    documents,
    tableName: await createDirectoryTable(),
    clock: time,
  });
  const signInTable = await createSignInTable();
  const { telemetry } = recorded;
  const used = options.directory === "none" ? undefined : directory;
  const common = { store, settings, telemetry, clock: time, directory: used };
  const login = createLoginHandler({
    ...common,
    passwords:
      used &&
      createThrottledPasswordSource(
        createPasswordSource(used),
        createLoginThrottle({ documents, tableName: signInTable, clock: time }),
      ),
    oidc:
      settings.oidcSources &&
      createOidcSources({
        sources: settings.oidcSources,
        documents,
        signInTable,
        clock: time,
        ...(options.newJwksCache && { newJwksCache: options.newJwksCache }),
      }),
    policyModule: options.policyModule ?? {},
    random: randomBytes,
  });
  const adminLogout = createAdminLogoutHandler(common);
  const authorize = createAuthorizeHandler(common);
  const endSession = createEndSessionHandler(common);
  const listSessions = createListSessionsHandler(common);
  const logout = createLogoutHandler(common);
  const validate = createValidateHandler(common);

  /** The routes of the API, as `infra` has them; a test there shows that these are the deployed ones. */
  const routes: [RegExp, (event: never, context: Context) => Promise<unknown>][] = [
    [/^POST \/login$/, login],
    [/^POST \/logout$/, logout],
    [/^GET \/session$/, validate],
    [/^GET \/(admin\/)?(sessions|endings)$/, listSessions],
    [/^DELETE \/sessions(\/[^/]+)?$/, endSession],
    [/^DELETE \/admin\/sessions\/[^/]*$/, endSession],
    [/^POST \/admin\/logout$/, adminLogout],
  ];

  async function send(
    route: string,
    sent: Omit<Sent, "method" | "path"> = {},
    context = lambdaContext(),
  ): Promise<Answer> {
    const [method = "", path = ""] = route.split(" ");
    const handler = routes.find(([pattern]) => pattern.test(route))?.[1];
    if (handler === undefined) throw new Error(`no function for ${route}`);
    const event = eventV2({ ...sent, method, path });
    const response = (await handler(event as never, context)) as GatewayResponse;
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
    directory,
    recorded,
    clock,
    signInTable,
    send,
    invoke: (name, event, context = lambdaContext()) => {
      const all = { login, "admin-logout": adminLogout, authorize };
      return all[name](event, context);
    },
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

const hasher = createPasswordHasher();
let demoHash: Promise<string> | undefined;

/** Users with the demo password; hashed once, for hashing is slow on purpose. */
export async function addUsers(
  directory: UserDirectory,
  users: Readonly<Record<string, { isAdmin?: boolean; permissions?: readonly string[] }>>,
): Promise<void> {
  demoHash ??= hasher.hash(PASSWORD);
  const passwordHash = await demoHash;
  for (const [userName, { isAdmin = false, permissions = [] }] of Object.entries(users)) {
    await directory.add({ userName, passwordHash, isAdmin, permissions });
  }
}
