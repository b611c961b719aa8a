import type { LogOutResult } from "../src/api/log-out-users.ts";
import type { ProblemCode } from "../src/api/parts/problem-codes.ts";
import type { AuditFields, CallRecord } from "../src/runtime/telemetry.ts";
import type { UserDirectory } from "../src/identity/directory.ts";
import { administratorsAmong } from "../src/identity/permissions.ts";
import type { SessionStore } from "../src/sessions/store.ts";
import type { Act, ActingCall, KeepAct } from "./administrators-acts.ts";

export interface LogOutUsersDependencies {
  readonly store: Pick<SessionStore, "revoke">;
  /** `undefined` where there is no password directory. */
  readonly directory: Pick<UserDirectory, "getMany"> | undefined;
  /** Absent where activity is off. */
  readonly keepAct?: KeepAct | undefined;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/** Whom to log out, and on whose account. */
export interface LogOutUsersRequest {
  readonly userIds: readonly string[];
  readonly includeAdmins: boolean;
  readonly actor: string;
  /** Why, for administrators only. */
  readonly reason?: string | undefined;
  /** Changes nothing, and says what would be done. */
  readonly dryRun?: boolean | undefined;
}

/**
 * The administrators' logout, with its account in the log: an audit line when it begins and one when it ends,
 * however it ends, and whom it is about, whom it skipped and what is unfinished by their ids: the sender of
 * an event reads no response. Where activity is on, a record of the act as well.
 * @param budgetMs how long it may take.
 * @throws StoreUnavailableError where the database could not be asked whom to log out; nobody was, then.
 */
export async function logOutUsers(
  request: LogOutUsersRequest,
  budgetMs: number,
  call: ActingCall,
  dependencies: LogOutUsersDependencies,
): Promise<LogOutResult> {
  const { record } = call;
  const { actor, dryRun = false, reason } = request;
  const { keepAct } = dependencies;
  const asked = [...new Set(request.userIds)];
  const common = { ...askedFor(request, asked), actor } as const;
  const act = { action: "log_out_users", actor, targets: asked, reason } as const;
  record.audit({ ...common, phase: "begun" });
  auditNames(record, { action: "admin_logout_targets", actor }, asked);
  let result: LogOutResult;
  try {
    result = await revokeAll(asked, request, budgetMs, dependencies);
  } catch (error) {
    record.audit({ ...common, phase: "ended", outcome: "failed" });
    await keepAct?.(call, { ...act, outcome: "failed" });
    throw error;
  }
  const { loggedOut, unfinished } = result;
  const skipped = result.skipped.map(({ userId }) => userId);
  const sessionCount = loggedOut.reduce((sum, user) => sum + user.sessionCount, 0);
  if (!dryRun) countIn(record, { sessionCount, skipped: skipped.length, unfinished: unfinished.length });
  auditNames(record, { action: "admin_logout_skipped", actor }, skipped);
  auditNames(record, { action: "admin_logout_unfinished", actor }, unfinished);
  record.audit({
    ...common,
    phase: "ended",
    outcome: dryRun ? "dry-run" : unfinished.length === 0 ? "finished" : "unfinished",
    loggedOut: loggedOut.length,
    sessionCount,
    skipped: skipped.length,
    unfinished: unfinished.length,
  });
  await keepAct?.(call, { ...act, outcome: actOutcome(result, asked.length), sessionCount });
  return result;
}

/** What a record says of it: refused, where there was nobody to log out but administrators to spare. */
function actOutcome({ dryRun, skipped, unfinished }: LogOutResult, asked: number): Act["outcome"] {
  if (dryRun === true) return "dry-run";
  if (unfinished.length > 0) return "unfinished";
  return skipped.length === asked ? "refused" : "done";
}

/** The account of a logout that the caller may not have, and of whom it would have been. */
export async function refuseLogOut(
  call: ActingCall,
  { actor, code }: { readonly actor: string; readonly code: ProblemCode },
  { keepAct }: Pick<LogOutUsersDependencies, "keepAct">,
  request?: Omit<LogOutUsersRequest, "actor">,
): Promise<void> {
  const { record } = call;
  const asked = [...new Set(request?.userIds)];
  const common = request === undefined ? ({ action: "admin_logout" } as const) : askedFor(request, asked);
  auditNames(record, { action: "admin_logout_targets", actor }, asked);
  record.audit({ ...common, actor, phase: "ended", outcome: "refused", code });
  await keepAct?.(call, {
    ...{ action: "log_out_users", actor, outcome: "refused", targets: asked },
    reason: request?.reason,
  });
}

const askedFor = (
  { includeAdmins, reason, dryRun = false }: Omit<LogOutUsersRequest, "actor">,
  asked: readonly string[],
) =>
  ({
    action: "admin_logout",
    includeAdmins,
    requested: asked.length,
    ...(reason !== undefined && { reason }),
    ...(dryRun && { dryRun: true }),
  }) as const;

async function revokeAll(
  asked: readonly string[],
  { includeAdmins, actor, dryRun = false }: LogOutUsersRequest,
  budgetMs: number,
  { store, directory, clock }: LogOutUsersDependencies,
): Promise<LogOutResult> {
  const deadline = clock() + budgetMs;
  const administrators = includeAdmins ? undefined : await administratorsAmong(directory, asked);
  const known = asked.filter((userId) => administrators?.get(userId) === true);
  const { loggedOut, spared, unfinished } = await store.revoke({
    userIds: asked.filter((userId) => administrators?.get(userId) !== true),
    revokedBy: actor,
    deadline,
    dryRun,
    // Administrators' own sign-ins go on counting where administrators are left alone.
    signsOut: includeAdmins ? "everybody" : "others",
    spare: (userId, liveSessions) =>
      administrators?.get(userId) === "not-in-directory" && liveSessions.some(({ user }) => user.isAdmin),
  });
  const skipped = [...known, ...spared].map((userId) => ({ userId, reason: "administrator" as const }));
  return { loggedOut, skipped, unfinished, ...(dryRun && { dryRun: true as const }) };
}

/** Of what was done; a dry run did nothing. */
function countIn(
  record: CallRecord,
  counts: { readonly sessionCount: number; readonly skipped: number; readonly unfinished: number },
): void {
  record.count("Revoked", counts.sessionCount);
  record.count("RevocationsSkipped", counts.skipped);
  record.count("RevocationsUnfinished", counts.unfinished);
}

/**
 * CloudWatch takes lines of 256 KB, and a thousand ids may have twice that; readers and queries prefer far
 * less.
 */
const LONGEST_LIST_BYTES = 16 * 1024;

/** As many lines as it takes to name them all. */
function auditNames(
  record: CallRecord,
  line: Pick<AuditFields, "action" | "actor">,
  userIds: readonly string[],
): void {
  let list: string[] = [];
  let bytes = 0;
  for (const userId of userIds) {
    const size = Buffer.byteLength(JSON.stringify(userId)) + 1;
    if (bytes + size > LONGEST_LIST_BYTES) {
      record.audit({ ...line, userIds: list });
      [list, bytes] = [[], 0];
    }
    list.push(userId);
    bytes += size;
  }
  if (list.length > 0) record.audit({ ...line, userIds: list });
}
