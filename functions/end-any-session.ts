import type { ProblemCode } from "../src/api/parts/problem-codes.ts";
import type { AuditFields, CallRecord } from "../src/runtime/telemetry.ts";
import type { UserDirectory } from "../src/identity/directory.ts";
import { isAdministratorNow } from "../src/identity/permissions.ts";
import type { RevokeOneOutcome, SessionStore } from "../src/sessions/store.ts";
import type { SessionId } from "../src/sessions/token.ts";

export interface EndAnySessionDependencies {
  readonly store: Pick<SessionStore, "revokeOne">;
  /** `undefined` where there is no password directory. */
  readonly directory: Pick<UserDirectory, "get"> | undefined;
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
  record: CallRecord,
  { store, directory }: EndAnySessionDependencies,
): Promise<RevokeOneOutcome> {
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
    throw error;
  }
  record.note({ outcome: outcome.outcome });
  if (outcome.outcome === "ended") record.count("Revoked");
  record.audit({ ...askedFor(request), ...accountOf(outcome) });
  return outcome;
}

/** The account of an ending that the caller may not have. */
export function refuseEnding(record: CallRecord, request: RefusedEnding, code: ProblemCode): void {
  record.audit({ ...askedFor(request), outcome: "refused", code });
}

function accountOf(outcome: RevokeOneOutcome): Pick<AuditFields, "outcome" | "code" | "targetUserId"> {
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
