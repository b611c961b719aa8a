import { createDocumentClient } from "../src/dynamodb/client.ts";
import type { BoundCallers } from "../src/http/bound-callers.ts";
import {
  decodeGuardSettings,
  GUARD_ENVIRONMENT,
  type GuardSettings,
  type GuardTable,
} from "../src/runtime/function-settings.ts";
import { createSessionValidator } from "../src/sessions/create-session-store.ts";
import type { SessionStoreOptions } from "../src/sessions/dependencies.ts";
import { makeGuard, type Guard } from "./guard.ts";

/** Credentials of AWS, or what gives them: the SDK's `fromNodeProviderChain()`, say. */
export type AwsCredentials = AwsCredentialIdentity | (() => Promise<AwsCredentialIdentity>);

interface AwsCredentialIdentity {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What takes a provider's access tokens: `accessTokens()` of
 * `serverless-single-session/guard/access-tokens`.
 */
export type GuardAccessTokens = (
  parts: Pick<SessionStoreOptions, "documents" | "tableName" | "onTouchFailure"> & {
    readonly settings: GuardSettings;
  },
) => BoundCallers;

export interface GuardOptions {
  /**
   * Takes a provider's access tokens too, where an identity source has `accessTokens` on.
   * @default none: such a token is 401 `session_unknown`
   */
  readonly accessTokens?: GuardAccessTokens;
  /**
   * Where the settings are that `sessions.protect(fn)` or `sessions.guardEnvironment` gave.
   * @default process.env
   */
  readonly environment?: Environment;
  /** @default what the environment holds (`AWS_ACCESS_KEY_ID` …), as it does on Lambda */
  readonly credentials?: AwsCredentials;
  /**
   * Told why the database could not be asked, and of activity that could not be recorded.
   * @default a warning of the process, on the standard error
   */
  readonly onFault?: (fault: unknown) => void;
}

/**
 * A guard for one's own code: one a process, made when the code is loaded.
 *
 * Without settings in the environment it throws at the first check, and not before: builds (Next.js) load
 * the code where it does not run.
 * @throws Error where the settings are there and cannot be used.
 */
export function createGuard(options: GuardOptions = {}): Guard {
  const { environment = process.env } = options;
  const missing = Object.values(GUARD_ENVIRONMENT).find((name) => (environment[name] ?? "") === "");
  if (missing === undefined) return guardOf(environment, options);
  const fail = (): never => {
    throw new Error(`the environment variable ${missing} is missing; ${SET_BY}`);
  };
  // eslint-disable-next-line @typescript-eslint/require-await -- it rejects, as any check does
  return { check: async () => fail(), preflight: fail };
}

function guardOf(environment: Environment, options: GuardOptions): Guard {
  const table = readVariable(environment, GUARD_ENVIRONMENT.table, toTable);
  const settings = readVariable(environment, GUARD_ENVIRONMENT.settings, decodeGuardSettings);
  const { credentials, accessTokens, onFault = warn } = options;
  if (credentials === undefined && (environment["AWS_ACCESS_KEY_ID"] ?? "") === "")
    throw new Error(
      "the environment variable AWS_ACCESS_KEY_ID is missing, which Lambda sets; elsewhere make a guard by " +
        "createGuard({ credentials: fromNodeProviderChain() }), and give it to the adapter",
    );
  const ownEndpoint = environment["AWS_ENDPOINT_URL_DYNAMODB"] ?? "";
  const documents = createDocumentClient(
    {
      ...environment,
      AWS_REGION: table.region,
      // One's own counts: DynamoDB Local, a VPC endpoint.
      AWS_ENDPOINT_URL_DYNAMODB: ownEndpoint === "" ? table.endpoint : ownEndpoint,
    },
    credentials,
  );
  const { name: tableName } = table;
  const validator = createSessionValidator({ documents, tableName, settings, onTouchFailure: onFault });
  const store: typeof validator = {
    validate: (token, how) => validator.validate(token, how).catch(explain),
  };
  const bound = accessTokens?.({ documents, tableName, settings, onTouchFailure: onFault });
  return makeGuard({ store, bound: bound && explained(bound), settings, clock: Date.now, onFault });

  function explained({ verify, resolve }: BoundCallers): BoundCallers {
    return { verify, resolve: (text, call) => resolve(text, call).catch(explain) };
  }

  function explain(fault: unknown): never {
    const { name } = fault as { readonly name?: unknown };
    const problem = SETUP_PROBLEMS[String(name)];
    if (problem === undefined) throw fault;
    throw new Error(`The guard ${problem(tableName, table.region)}.`, { cause: fault });
  }
}

/** What is no outage, and stays until somebody mends it. */
const SETUP_PROBLEMS: Readonly<Record<string, (table: string, region: string) => string>> = {
  AccessDeniedException: (table) =>
    `may not read the sessions table ${table}; sessions.protect(fn) or sessions.grantGuard(role) of the ` +
    "construct allows it",
  ResourceNotFoundException: (table, region) =>
    `finds no sessions table ${table} in the Region ${region}, in the account of its credentials; ` +
    `deploy again what has ${GUARD_ENVIRONMENT.table}`,
};

const SET_BY = "sessions.protect(fn) of the construct sets it";

function readVariable<T>(environment: Environment, name: string, read: (text: string) => T): T {
  try {
    return read(environment[name] ?? "");
  } catch (cause) {
    throw new Error(`the environment variable ${name} is not as it was set; ${SET_BY}`, { cause });
  }
}

function toTable(text: string): GuardTable {
  const table = JSON.parse(text) as GuardTable;
  if (typeof table.name !== "string" || typeof table.region !== "string")
    throw new TypeError("neither name nor region");
  return table;
}

/** Names and messages only: what an error of the SDK carries beside them has no place in a log. */
function warn(fault: unknown): void {
  const { message = String(fault), cause } = fault as { readonly message?: string; readonly cause?: unknown };
  const because = cause instanceof Error ? `: ${cause.name}: ${cause.message}` : "";
  process.emitWarning(message + because, "SingleSessionGuard");
}

let shared: Guard | undefined;

/** The guard of all adapters in a process that are given none: one client, and its connections, for all. */
export const sharedGuard = (): Guard => (shared ??= createGuard());
