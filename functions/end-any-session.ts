import type { CallRecord } from "../src/runtime/telemetry.ts";
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
}

/** The administrators' logout of one session, with its account in the log. */
export async function endAnySession(
  { sessionId, actor, includeAdmins }: EndAnySessionRequest,
  record: CallRecord,
  { store, directory }: EndAnySessionDependencies,
): Promise<RevokeOneOutcome> {
  const outcome = await store.revokeOne({
    sessionId,
    revokedBy: actor,
    spare: async ({ user }) => !includeAdmins && (await isAdministratorNow(directory, user)),
  });
  record.note({ outcome: outcome.outcome });
  if (outcome.outcome === "ended") {
    record.count("Revoked");
    record.audit({
      action: "end_session",
      actor,
      targetUserId: outcome.userId,
      targetSessionId: sessionId,
    });
  }
  return outcome;
}
