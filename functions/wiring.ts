import { randomBytes } from "node:crypto";
import type { JwksCache } from "aws-jwt-verify/jwk";
import * as deployedPolicyModule from "#session-policy";
import type { BackoffDependencies } from "../src/dynamodb/backoff.ts";
import { createDocumentClient } from "../src/dynamodb/client.ts";
import type { DocumentClient } from "../src/dynamodb/document-client.ts";
import type { HttpFunction, LambdaFunction } from "../src/http/endpoint.ts";
import {
  decodeSettings,
  ENVIRONMENT,
  LOG_LEVELS,
  SAMPLED_ONE_IN,
  type FunctionSettings,
} from "../src/runtime/function-settings.ts";
import type { PolicyModule } from "../src/runtime/session-policy.ts";
import { createMetrics, createTelemetry, type Telemetry } from "../src/runtime/telemetry.ts";
import { createUserDirectory } from "../src/identity/create-user-directory.ts";
import type { UserDirectory } from "../src/identity/directory.ts";
import { createLoginThrottle } from "../src/identity/login-throttle.ts";
import { createOidcFlow } from "../src/identity/oidc-flow.ts";
import { createOidcSources, type OidcSources } from "../src/identity/oidc-sources.ts";
import type { PasswordHasher } from "../src/identity/password-hash.ts";
import { createPasswordSource } from "../src/identity/passwords.ts";
import {
  createThrottledPasswordSource,
  type ThrottledPasswordSource,
} from "../src/identity/throttled-passwords.ts";
import { createSessionStore, createSessionValidator } from "../src/sessions/create-session-store.ts";
import type { SessionSettings, SessionStoreOptions } from "../src/sessions/dependencies.ts";
import type { SessionStore } from "../src/sessions/store.ts";
import type { RandomBytes } from "../src/sessions/token.ts";
import { createAdminLogoutHandler } from "./admin-logout-handler.ts";
import { createAuthorizeHandler } from "./authorize-handler.ts";
import { createEndSessionHandler } from "./end-session-handler.ts";
import { createListSessionsHandler } from "./list-sessions-handler.ts";
import { createLoginHandler } from "./login-handler.ts";
import { createLoginOidcHandler } from "./login-oidc-handler.ts";
import { createLogoutHandler } from "./logout-handler.ts";
import { createValidateHandler } from "./validate-handler.ts";

/**
 * The composition root: what each function is made of. The files Lambda loads, the tests, the proofs and the
 * benchmarks wire functions here and nowhere else. A bundle gets only the parts of its own function, because
 * `package.json` says that no module has side effects.
 */

/** The names of the tables. */
export interface TableNames {
  readonly sessions: string;
  /** Absent where the identity source `passwords` is off. */
  readonly users?: string | undefined;
  /** Absent where nobody signs in with these functions: a trusted backend vouches for its users. */
  readonly signIn?: string | undefined;
}

/** What reaches the tables. Time, randomness and waiting are the real ones unless given. */
export interface TableAccess extends Partial<BackoffDependencies> {
  readonly documents: DocumentClient;
  /** Epoch milliseconds. */
  readonly clock?: () => number;
  readonly random?: RandomBytes;
}

/** What a store of sessions is made of. */
export interface StoreParts extends TableAccess {
  readonly tables: TableNames;
  readonly settings: SessionSettings;
  /** Where a touch that failed is logged. */
  readonly telemetry?: Telemetry;
}

/** What the password directory is made of. */
export interface DirectoryParts extends TableAccess {
  readonly tables: Pick<TableNames, "users">;
}

/** What the sign-in with a password is made of. */
export interface PasswordParts extends TableAccess {
  readonly tables: Pick<TableNames, "users" | "signIn">;
  /** Argon2id at its full cost unless given. */
  readonly hasher?: PasswordHasher;
}

/** What a function is made of. */
export interface Parts extends StoreParts, PasswordParts {
  readonly tables: TableNames;
  readonly settings: FunctionSettings;
  readonly telemetry: Telemetry;
  /** Absent where no CDN stands before the API. */
  readonly originSecret?: string | undefined;
  /** The module that was bundled with the function, unless given. */
  readonly policyModule?: PolicyModule;
  /** Where OIDC sources keep the keys of providers; fetched over TLS unless given. */
  readonly newJwksCache?: () => JwksCache;
  /** One over the sessions table unless given. */
  readonly store?: SessionStore;
}

/**
 * The parts that the environment of a Lambda function names.
 * @throws Error naming the environment variable that is missing.
 */
export function deployedParts(): Parts {
  const settings = decodeSettings(required(ENVIRONMENT.settings));
  return {
    settings,
    documents: createDocumentClient(),
    tables: {
      sessions: required(ENVIRONMENT.sessionsTable),
      users: given(ENVIRONMENT.usersTable),
      signIn: given(ENVIRONMENT.signInTable),
    },
    telemetry: createTelemetry(Date.now, {
      makeMetrics: () => createMetrics(process.env[ENVIRONMENT.deployment]),
      logRoutine: () => isLogged(settings),
      leastLevel: LOG_LEVELS.find((level) => level === process.env[ENVIRONMENT.logLevel]) ?? "INFO",
    }),
    originSecret: process.env[ENVIRONMENT.originSecret],
  };
}

/** Whether a validation of a live session gets its line. */
export const isLogged = ({ logValidations }: Pick<FunctionSettings, "logValidations">): boolean =>
  logValidations === "all" || (logValidations === "sampled" && Math.random() * SAMPLED_ONE_IN < 1);

/** The store of sessions. */
export const wireStore = (parts: StoreParts): SessionStore => createSessionStore(storeOptions(parts));

/** The part of the store that validates: nothing else of the store gets into a bundle with it. */
const wireValidator = (parts: StoreParts): Pick<SessionStore, "validate"> =>
  createSessionValidator(storeOptions(parts));

function storeOptions({ tables, telemetry, ...parts }: StoreParts): SessionStoreOptions {
  const onTouchFailure = (error: unknown): void => telemetry?.touchFailed(error);
  return { ...parts, tableName: tables.sessions, onTouchFailure };
}

/** The password directory, or `undefined` where the identity source `passwords` is off. */
export function wireDirectory({ tables, ...parts }: DirectoryParts): UserDirectory | undefined {
  const { users: tableName } = tables;
  return tableName === undefined ? undefined : createUserDirectory({ clock: Date.now, ...parts, tableName });
}

/**
 * The identity source `passwords`, never without its throttle, or `undefined` where it is off.
 * @throws Error where there is a directory and no sign-in table.
 */
export function wirePasswords(parts: PasswordParts): ThrottledPasswordSource | undefined {
  const directory = wireDirectory(parts);
  if (directory === undefined) return undefined;
  const { documents, clock = Date.now, hasher } = parts;
  const throttle = createLoginThrottle({ documents, tableName: signInTable(parts), clock });
  return createThrottledPasswordSource(createPasswordSource(directory, hasher), throttle);
}

/**
 * The identity sources that vouch by id tokens, or `undefined` where there are none.
 * @throws Error where there is one and no sign-in table.
 */
function wireOidc(parts: Parts): OidcSources | undefined {
  const { documents, settings, clock = Date.now, newJwksCache } = parts;
  const { oidcSources: sources = [] } = settings;
  if (sources.length === 0) return undefined;
  const keys = newJwksCache && { newJwksCache };
  return createOidcSources({ sources, documents, signInTable: signInTable(parts), clock, ...keys });
}

function signInTable({ tables }: Pick<PasswordParts, "tables">): string {
  if (tables.signIn === undefined) throw missing(ENVIRONMENT.signInTable);
  return tables.signIn;
}

/** What the functions share that do more than validate. */
const shared = (parts: Parts) => ({
  clock: Date.now,
  ...parts,
  store: parts.store ?? wireStore(parts),
});

/** What the functions share that sign people in. */
const signingIn = (parts: Parts) => ({
  policyModule: deployedPolicyModule satisfies PolicyModule,
  random: randomBytes,
  ...shared(parts),
});

/** Calls a function as Lambda does, whatever the event is. */
export type Handler = LambdaFunction<unknown, unknown>;

export const wireValidate = (parts: Parts): HttpFunction =>
  createValidateHandler({ ...parts, store: parts.store ?? wireValidator(parts) });

export const wireAuthorize = (parts: Parts): Handler =>
  createAuthorizeHandler({ ...parts, store: parts.store ?? wireValidator(parts) });

export const wireLogin = (parts: Parts): Handler =>
  createLoginHandler({ ...signingIn(parts), passwords: wirePasswords(parts), oidc: wireOidc(parts) });

/** @throws Error where no identity source has the code flow on. */
export function wireLoginOidc(parts: Parts): HttpFunction {
  const oidc = wireOidc(parts);
  if (oidc === undefined)
    throw new Error("login-oidc is for identity sources with the code flow; there are none");
  const common = signingIn(parts);
  return createLoginOidcHandler({ ...common, oidc, flow: createOidcFlow(common.random) });
}

export const wireLogout = (parts: Parts): HttpFunction => createLogoutHandler(shared(parts));

export const wireListSessions = (parts: Parts): HttpFunction =>
  createListSessionsHandler({ ...shared(parts), directory: wireDirectory(parts) });

export const wireEndSession = (parts: Parts): HttpFunction =>
  createEndSessionHandler({ ...shared(parts), directory: wireDirectory(parts) });

export const wireAdminLogout = (parts: Parts): Handler =>
  createAdminLogoutHandler({ ...shared(parts), directory: wireDirectory(parts) });

/** Functions by the names of their files. */
export type Functions = Readonly<
  Record<
    "login" | "logout" | "validate" | "authorize" | "admin-logout" | "list-sessions" | "end-session",
    Handler
  >
>;

/**
 * Every function but `login-oidc`, which not each deployment has: for tests and measurements in one process.
 */
export function wireFunctions(parts: Parts): Functions {
  const common = { ...parts, store: parts.store ?? wireStore(parts) };
  const functions = {
    login: wireLogin(common),
    logout: wireLogout(common),
    validate: wireValidate(common),
    authorize: wireAuthorize(common),
    "admin-logout": wireAdminLogout(common),
    "list-sessions": wireListSessions(common),
    "end-session": wireEndSession(common),
  };
  // The event is the gateway's or an invoker's: what it is not, its function refuses.
  return functions as Functions;
}

/** The variable, or `undefined` where it is absent or empty. */
function given(name: string): string | undefined {
  const value = process.env[name];
  return value === "" ? undefined : value;
}

/** @throws Error naming the environment variable that is missing. */
function required(name: string): string {
  const value = given(name);
  if (value === undefined) throw missing(name);
  return value;
}

const missing = (name: string): Error =>
  new Error(`the environment variable ${name} is missing; the SingleSession construct sets it`);
