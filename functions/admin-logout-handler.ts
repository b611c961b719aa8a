import type { Context } from "aws-lambda";
import { readBody } from "../src/http/body.ts";
import { forgeryProblem, resolveCaller } from "../src/http/caller.ts";
import { createDirectFunction, createTwoWayFunction } from "../src/http/direct.ts";
import { createHttpFunction, type CallDependencies, type HttpCall } from "../src/http/endpoint.ts";
import { administratorProblem, includeAdminsProblem } from "../src/http/permission.ts";
import { ok, type Reply } from "../src/http/reply.ts";
import type { OriginSettings } from "../src/http/same-origin.ts";
import type { CallRecord } from "../src/http/telemetry.ts";
import type { UserDirectory } from "../src/identity/directory.ts";
import {
  administratorsAmong,
  livePermissions,
  mayLogOut,
  mayLogOutAdministrators,
} from "../src/identity/permissions.ts";
import type { RevokeResult, SessionStore } from "../src/sessions/store.ts";
import {
  ADMIN_LOGOUT_BODY,
  DIRECT_ADMIN_LOGOUT,
  LARGEST_ADMIN_LOGOUT_BYTES,
  unwrapEventBridge,
} from "./admin-logout-request.ts";

export interface AdminLogoutDependencies extends CallDependencies {
  readonly store: Pick<SessionStore, "validate" | "revoke">;
  /** `undefined` where there is no password directory. */
  readonly directory: Pick<UserDirectory, "get" | "getMany"> | undefined;
  readonly settings: OriginSettings;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/** What an administrators' logout did; each user id asked for is in exactly one of the lists. */
export interface AdminLogoutResult {
  readonly loggedOut: RevokeResult["loggedOut"];
  readonly skipped: readonly { readonly userId: string; readonly reason: "administrator" }[];
  /** Time ran short: send these again. */
  readonly unfinished: readonly string[];
}

/** `POST /admin/logout`, and the same by direct invocation or as a target of EventBridge (design section 6). */
export function createAdminLogoutHandler(
  dependencies: AdminLogoutDependencies,
): (event: unknown, context: Context) => Promise<unknown> {
  const direct = createDirectFunction(dependencies, "admin-logout", DIRECT_ADMIN_LOGOUT, (call) => {
    const budgetMs = call.remainingMs() - MARGIN_MS;
    return logOutUsers(call.input, budgetMs, call.record, dependencies);
  });
  return createTwoWayFunction(
    createHttpFunction(dependencies, (call) => logOutOverHttp(call, dependencies)),
    (event, context) => direct(unwrapEventBridge(event), context),
  );
}

/** For the batch that is under way at the deadline, and the answer. */
const MARGIN_MS = 2000;
/** What an HTTP API waits for a function, however long the function may run. */
const GATEWAY_TIMEOUT_MS = 29_000;

async function logOutOverHttp(
  { input: request, record, remainingMs }: HttpCall,
  dependencies: AdminLogoutDependencies,
): Promise<Reply> {
  const foreign = forgeryProblem(request, dependencies.settings);
  if (foreign !== undefined) return foreign;
  const resolution = await resolveCaller(request, dependencies.store, { touch: false });
  if (resolution.outcome === "refused") return resolution.problem;
  const { session } = resolution;
  record.note({ userId: session.user.id, sessionId: session.id });
  const caller = await livePermissions(dependencies.directory, session.user);
  if (!mayLogOut(caller)) return administratorProblem();
  const reading = readBody(request, ADMIN_LOGOUT_BODY, { largest: LARGEST_ADMIN_LOGOUT_BYTES });
  if (reading.outcome === "refused") return reading.problem;
  if (reading.body.includeAdmins && !mayLogOutAdministrators(caller)) return includeAdminsProblem();
  const budgetMs = Math.min(remainingMs(), GATEWAY_TIMEOUT_MS) - MARGIN_MS;
  return ok(await logOutUsers({ ...reading.body, actor: caller.id }, budgetMs, record, dependencies));
}

async function logOutUsers(
  request: { readonly userIds: readonly string[]; readonly includeAdmins: boolean; readonly actor: string },
  budgetMs: number,
  record: CallRecord,
  { store, directory, clock }: AdminLogoutDependencies,
): Promise<AdminLogoutResult> {
  const { includeAdmins, actor } = request;
  const deadline = clock() + budgetMs;
  const asked = [...new Set(request.userIds)];
  const administrators = includeAdmins ? undefined : await administratorsAmong(directory, asked);
  const known = asked.filter((userId) => administrators?.get(userId) === true);
  const result = await store.revoke({
    userIds: asked.filter((userId) => administrators?.get(userId) !== true),
    revokedBy: actor,
    deadline,
    spare: (userId, liveSessions) =>
      administrators?.get(userId) === "not-in-directory" && liveSessions.some(({ user }) => user.isAdmin),
  });
  const skipped = [...known, ...result.spared];
  const sessionCount = result.loggedOut.reduce((sum, user) => sum + user.sessionCount, 0);
  record.count("Revoked", sessionCount);
  record.audit({
    action: "admin_logout",
    actor,
    includeAdmins,
    requested: asked.length,
    loggedOut: result.loggedOut.length,
    sessionCount,
    skipped: skipped.length,
    unfinished: result.unfinished.length,
  });
  return {
    loggedOut: result.loggedOut,
    skipped: skipped.map((userId) => ({ userId, reason: "administrator" })),
    unfinished: result.unfinished,
  };
}
