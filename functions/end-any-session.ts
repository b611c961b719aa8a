import type { ProblemCode } from "../src/api/parts/problem-codes.ts";
import type { AuditFields } from "../src/runtime/telemetry.ts";
import type { UserDirectory } from "../src/identity/directory.ts";
import { isAdministratorNow } from "../src/identity/permissions.ts";
import type { RevokeOneOutcome, SessionStore } from "../src/sessions/store.ts";
import type { SessionId } from "../src/sessions/token.ts";
import type { ActingCall, KeepAct } from "./administrators-acts.ts";

export interface EndAnySessionDependencies {
  readonly store: Pick<SessionStore, "revokeOne">;
  /** `undefined` where there is no password directory. */
  readonly directory: Pick<UserDirectory, "get"> | undefined;
  /** Absent where activity is off. */
  readonly keepAct?: KeepAct | undefined;
}

/** Which session to end, and on whose account. */
export interface EndAnySessionRequest {
  readonly sessionId: SessionId;
  readonly actor: string;
  readonly includeAdmins: boolean;
  /** Why, for administrators only. */
  readonly reason?: string | undefined;
  /** Changes nothing, and says what would be done. */
  readonly dryRun?: boolean | undefined;
}

/** As much as is known of a request that was refused. */
type RefusedEnding = Pick<EndAnySessionRequest, "actor" | "reason" | "dryRun"> & {
  readonly sessionId: SessionId | undefined;
};

/** The administrators' logout of one session, with its account in the log, however it ends. */
export async function endAnySession(
  request: EndAnySessionRequest,
  call: ActingCall,
  { store, directory, keepAct }: EndAnySessionDependencies,
): Promise<RevokeOneOutcome> {
  const { record } = call;
  const { sessionId, actor, includeAdmins, dryRun = false } = request;
  let outcome: RevokeOneOutcome;
  try {
    outcome = await store.revokeOne({
      sessionId,
      revokedBy: actor,
      spare: async ({ user }) => !includeAdmins && (await isAdministratorNow(directory, user)),
      dryRun,
    });
  } catch (error) {
    record.audit({ ...askedFor(request), outcome: "failed" });
    await keepAct?.(call, { ...actOf(request), outcome: "failed", targets: [] });
    throw error;
  }
  record.note({ outcome: outcome.outcome });
  if (outcome.outcome === "ended") record.count("Revoked");
  const account = accountOf(outcome);
  record.audit({ ...askedFor(request), ...account });
  await keepAct?.(call, {
    ...actOf(request),
    outcome: account.outcome === "finished" ? "done" : account.outcome,
    targets: account.targetUserId === undefined ? [] : [account.targetUserId],
    ...(outcome.outcome === "ended" && { sessionCount: 1 }),
  });
  return outcome;
}

/** The account of an ending that the caller may not have. */
export async function refuseEnding(
  call: ActingCall,
  request: RefusedEnding,
  code: ProblemCode,
  { keepAct }: Pick<EndAnySessionDependencies, "keepAct">,
): Promise<void> {
  call.record.audit({ ...askedFor(request), outcome: "refused", code });
  await keepAct?.(call, { ...actOf(request), outcome: "refused", targets: [] });
}

const actOf = ({ actor, sessionId, reason }: RefusedEnding) =>
  ({ action: "end_session", actor, sessionId, reason }) as const;

interface Account extends Pick<AuditFields, "code" | "targetUserId"> {
  readonly outcome: "finished" | "dry-run" | "refused";
}

function accountOf(outcome: RevokeOneOutcome): Account {
  switch (outcome.outcome) {
    case "ended":
      return { outcome: "finished", targetUserId: outcome.userId };
    case "would-end":
      return { outcome: "dry-run", targetUserId: outcome.session.user.id };
    case "spared":
      return { outcome: "refused", code: "permission_required", targetUserId: outcome.userId };
    case "not-found":
      return { outcome: "refused", code: "not_found" };
  }
}

const askedFor = ({ actor, sessionId, reason, dryRun = false }: RefusedEnding) =>
  ({
    action: "end_session",
    actor,
    ...(sessionId !== undefined && { targetSessionId: sessionId }),
    ...(reason !== undefined && { reason }),
    ...(dryRun && { dryRun: true }),
  }) as const;
