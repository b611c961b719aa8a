import { randomBytes } from "node:crypto";
import * as deployedPolicyModule from "#session-policy";
import { createActivityReader } from "../src/activity/reader.ts";
import type { ActivityWriter } from "../src/activity/store.ts";
import { createActivityWriter } from "../src/activity/writer.ts";
import type { HttpFunction, LambdaFunction } from "../src/http/endpoint.ts";
import type { PolicyModule } from "../src/runtime/session-policy.ts";
import { REAL_WAITING } from "../src/dynamodb/backoff.ts";
import { createUserDirectory } from "../src/identity/create-user-directory.ts";
import type { UserDirectory } from "../src/identity/directory.ts";
import { createLoginThrottle } from "../src/identity/login-throttle.ts";
import { createOidcFlow } from "../src/identity/oidc-flow.ts";
import { createOidcSources, type OidcSources } from "../src/identity/oidc-sources.ts";
import { createPasswordSource } from "../src/identity/passwords.ts";
import {
  createThrottledPasswordSource,
  type ThrottledPasswordSource,
} from "../src/identity/throttled-passwords.ts";
import { createSessionStore, createSessionValidator } from "../src/sessions/create-session-store.ts";
import type { SessionStore } from "../src/sessions/store.ts";
import { createActivityHandler } from "./activity-handler.ts";
import { createActKeeper } from "./administrators-acts.ts";
import { createAdminLogoutHandler } from "./admin-logout-handler.ts";
import { createAuthorizeHandler } from "./authorize-handler.ts";
import { createEndSessionHandler } from "./end-session-handler.ts";
import { wireJobStore } from "./job-store.ts";
import { createJobsHandler } from "./jobs-handler.ts";
import type { JobsParts } from "./jobs-parts.ts";
import { createListSessionsHandler } from "./list-sessions-handler.ts";
import { createLoginHandler } from "./login-handler.ts";
import { createLoginOidcHandler } from "./login-oidc-handler.ts";
import { createLogoutHandler } from "./logout-handler.ts";
import { createOutboxHandler } from "./outbox-handler.ts";
import type { OutboxParts } from "./outbox-parts.ts";
import { signInTable, storeOptions } from "./parts.ts";
import type { DirectoryParts, Parts, PasswordParts, StoreParts, TableAccess, TableNames } from "./parts.ts";
import { createRecountHandler, type RecountParts } from "./recount-handler.ts";
import { createPushAuthorizeHandler } from "./push-authorize-handler.ts";
import { createValidateHandler } from "./validate-handler.ts";

export { deployedParts, isLogged, type Parts, type TableNames } from "./parts.ts";

/**
 * The composition root: what each function is made of. The files Lambda loads, the tests, the proofs and the
 * benchmarks wire functions here and nowhere else. A bundle gets only the parts of its own function, because
 * `package.json` says that no module has side effects.
 */

/** The store of sessions. */
export const wireStore = (parts: StoreParts): SessionStore => createSessionStore(storeOptions(parts));

/** The part of the store that validates: nothing else of the store gets into a bundle with it. */
const wireValidator = (parts: StoreParts): Pick<SessionStore, "validate"> =>
  createSessionValidator(storeOptions(parts));

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

/** What logs in and out by a provider's access token, where callers may send one. */
const withSignIns = ({ bound }: Parts) => bound?.signIns && { ...bound, signIns: bound.signIns };

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
  activity: wireActivityWriter(parts),
  ...shared(parts),
});

/** Calls a function as Lambda does, whatever the event is. */
export type Handler = LambdaFunction<unknown, unknown>;

export const wireValidate = (parts: Parts): HttpFunction =>
  createValidateHandler({ ...parts, store: parts.store ?? wireValidator(parts) });

export const wireAuthorize = (parts: Parts): Handler =>
  createAuthorizeHandler({ ...parts, store: parts.store ?? wireValidator(parts) });

export const wireLogin = (parts: Parts): Handler =>
  createLoginHandler({
    ...signingIn(parts),
    passwords: wirePasswords(parts),
    oidc: wireOidc(parts),
    bound: withSignIns(parts),
  });

/** @throws Error where no identity source has the code flow on. */
export function wireLoginOidc(parts: Parts): HttpFunction {
  const oidc = wireOidc(parts);
  if (oidc === undefined)
    throw new Error("login-oidc is for identity sources with the code flow; there are none");
  const common = signingIn(parts);
  return createLoginOidcHandler({ ...common, oidc, flow: createOidcFlow(common.random) });
}

export const wireLogout = (parts: Parts): HttpFunction =>
  createLogoutHandler({ ...shared(parts), bound: withSignIns(parts) });

export const wireListSessions = (parts: Parts): HttpFunction =>
  createListSessionsHandler({ ...shared(parts), directory: wireDirectory(parts) });

export const wireEndSession = (parts: Parts): Handler =>
  createEndSessionHandler({ ...administering(parts), directory: wireDirectory(parts) });

export const wireAdminLogout = (parts: Parts): Handler =>
  createAdminLogoutHandler({ ...administering(parts), directory: wireDirectory(parts) });

/** @throws Error where jobs are off. */
export const wireJobs = (parts: JobsParts): HttpFunction =>
  createJobsHandler({
    ...administering(parts),
    startRun: parts.startRun,
    store: parts.store ?? wireValidator(parts),
    directory: wireDirectory(parts),
    jobs: wireJobStore(parts),
  });

/** What the functions share that carry out administrators' acts; a record of each where activity is on. */
function administering(parts: Parts) {
  const { clock = Date.now, random = randomBytes } = parts;
  const writer = wireActivityWriter(parts);
  return { ...shared(parts), keepAct: writer && createActKeeper(writer, { clock, random }) };
}

/** @throws Error where activity is off. */
export function wireActivity(parts: Parts): HttpFunction {
  const { clock = Date.now, documents } = parts;
  const { activity: tableName } = parts.tables;
  if (tableName === undefined) throw new Error("activity is for deployments with an activity table");
  return createActivityHandler({
    ...parts,
    clock,
    store: parts.store ?? wireValidator(parts),
    directory: wireDirectory(parts),
    activity: createActivityReader({ documents, tableName, clock }),
  });
}

/** The function that tells what the table's stream says. */
export const wireOutbox = ({ tables, settings, ...parts }: OutboxParts): Handler =>
  createOutboxHandler({
    ...REAL_WAITING,
    clock: Date.now,
    ...parts,
    tableName: tables.sessions,
    era: settings.era,
    activity: wireActivityWriter({ tables, ...parts }),
  }) as Handler;

/** What keeps activity, or `undefined` where it is off. */
export function wireActivityWriter({
  tables,
  documents,
  clock = Date.now,
}: Pick<TableAccess, "documents" | "clock"> & {
  readonly tables: Pick<TableNames, "activity">;
}): ActivityWriter | undefined {
  const { activity: tableName } = tables;
  return tableName === undefined ? undefined : createActivityWriter({ documents, tableName, clock });
}

/**
 * The function that keeps the counters of activity right.
 * @throws Error where there is no activity table.
 */
export function wireRecount({ tables, settings, ...parts }: RecountParts): Handler {
  const { activity, sessions } = tables;
  if (activity === undefined) throw new Error("recount is for deployments with activity");
  const where = { tableName: activity, sessionsTable: sessions, era: settings.era };
  return createRecountHandler({ ...REAL_WAITING, clock: Date.now, ...parts, ...where }) as Handler;
}

/** The function that says who may listen to push. */
export const wirePushAuthorize = (parts: Pick<Parts, "telemetry">): Handler =>
  createPushAuthorizeHandler(parts) as Handler;

const isOff = (what: string) => (): Promise<never> => Promise.reject(new Error(`${what} is off`));

/** Functions by the names of their files. */
export type Functions = Readonly<
  Record<
    | "login"
    | "logout"
    | "validate"
    | "authorize"
    | "admin-logout"
    | "list-sessions"
    | "end-session"
    | "activity"
    | "jobs",
    Handler
  >
>;

/**
 * Every function but `login-oidc`, which not each deployment has: for tests and measurements in one process.
 */
export function wireFunctions(parts: Parts | JobsParts): Functions {
  const common = { ...parts, store: parts.store ?? wireStore(parts) };
  const functions = {
    login: wireLogin(common),
    logout: wireLogout(common),
    validate: wireValidate(common),
    authorize: wireAuthorize(common),
    "admin-logout": wireAdminLogout(common),
    "list-sessions": wireListSessions(common),
    "end-session": wireEndSession(common),
    activity: parts.tables.activity === undefined ? isOff("activity") : wireActivity(common),
    jobs: "startRun" in parts ? wireJobs({ ...common, startRun: parts.startRun }) : isOff("jobs"),
  };
  // The event is the gateway's or an invoker's: what it is not, its function refuses.
  return functions as Functions;
}
