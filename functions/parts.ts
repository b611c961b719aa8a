import type { JwksCache } from "aws-jwt-verify/jwk";
import type { BackoffDependencies } from "../src/dynamodb/backoff.ts";
import { createDocumentClient } from "../src/dynamodb/client.ts";
import type { DocumentClient } from "../src/dynamodb/document-client.ts";
import type { BoundCallers } from "../src/http/bound-callers.ts";
import type { HttpRequest } from "../src/http/request.ts";
import type { PasswordHasher } from "../src/identity/password-hash.ts";
import {
  decodeSettings,
  ENVIRONMENT,
  LOG_LEVELS,
  SAMPLED_ONE_IN,
  type FunctionSettings,
} from "../src/runtime/function-settings.ts";
import type { PolicyModule } from "../src/runtime/session-policy.ts";
import { createMetrics, createTelemetry, type Telemetry } from "../src/runtime/telemetry.ts";
import type { SessionSettings, SessionStoreOptions, SignInSettings } from "../src/sessions/dependencies.ts";
import type { SignInStore } from "../src/sessions/sign-in-store.ts";
import type { SessionStore } from "../src/sessions/store.ts";
import type { RandomBytes } from "../src/sessions/token.ts";

/** What functions are made of, and where a deployed one gets it. */

/** The names of the tables. */
export interface TableNames {
  readonly sessions: string;
  /** Absent where the identity source `passwords` is off. */
  readonly users?: string | undefined;
  /** Absent without a way to sign in here: a trusted backend vouches for its users. */
  readonly signIn?: string | undefined;
  /** Absent where activity is off, or the function has nothing to do with it. */
  readonly activity?: string | undefined;
  /** Only for the functions that are about jobs. */
  readonly jobs?: string | undefined;
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
  readonly settings: SessionSettings & Pick<Partial<FunctionSettings>, "oidcSources">;
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
  /** What callers with a provider's access tokens need; see `wire-bound.ts`. */
  readonly bound?: Bound | undefined;
}

/** Callers with a provider's access tokens, and the store for what logs them in and out. */
export interface Bound extends BoundCallers<HttpRequest> {
  readonly signIns?: SignInStore;
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
      activity: given(ENVIRONMENT.activityTable),
      jobs: given(ENVIRONMENT.jobsTable),
    },
    telemetry: deployedTelemetry(settings),
    originSecret: process.env[ENVIRONMENT.originSecret],
  };
}

/** Logs and metrics as the environment of a Lambda function says. */
export const deployedTelemetry = (settings: Pick<FunctionSettings, "logValidations">): Telemetry =>
  createTelemetry(Date.now, {
    makeMetrics: () => createMetrics(process.env[ENVIRONMENT.deployment]),
    logRoutine: () => isLogged(settings),
    leastLevel: LOG_LEVELS.find((level) => level === process.env[ENVIRONMENT.logLevel]) ?? "INFO",
  });

/** Whether a validation of a live session gets its line. */
export const isLogged = ({ logValidations }: Pick<FunctionSettings, "logValidations">): boolean =>
  logValidations === "all" || (logValidations === "sampled" && Math.random() * SAMPLED_ONE_IN < 1);

/** The options of a store. */
export function storeOptions(parts: StoreParts): SessionStoreOptions {
  const { tables, telemetry, ...rest } = parts;
  const onTouchFailure = (error: unknown): void => telemetry?.touchFailed(error);
  return { ...rest, tableName: tables.sessions, onTouchFailure, signIns: signInSettings(parts) };
}

/** What stores know of the sources with `accessTokens`; `undefined` where there is none. */
export function signInSettings({
  tables,
  settings,
}: Pick<StoreParts, "tables" | "settings">): SignInSettings | undefined {
  const prefixes = (settings.oidcSources ?? [])
    .filter(({ accessTokens }) => accessTokens)
    .map(({ name }) => `${name}:`);
  if (prefixes.length === 0 || tables.signIn === undefined) return undefined;
  const isOfSource = (userId: string): boolean => prefixes.some((prefix) => userId.startsWith(prefix));
  return { tableName: tables.signIn, isOfSource };
}

/**
 * The name of the sign-in table.
 * @throws Error where there is none.
 */
export function signInTable({ tables }: Pick<PasswordParts, "tables">): string {
  if (tables.signIn === undefined) throw missing(ENVIRONMENT.signInTable);
  return tables.signIn;
}

/** The variable, or `undefined` where it is absent or empty. */
export function given(name: string): string | undefined {
  const value = process.env[name];
  return value === "" ? undefined : value;
}

/** @throws Error naming the environment variable that is missing. */
export function required(name: string): string {
  const value = given(name);
  if (value === undefined) throw missing(name);
  return value;
}

/** What is said of a variable that is not there. */
export const missing = (name: string): Error =>
  new Error(`the environment variable ${name} is missing; the SingleSession construct sets it`);
