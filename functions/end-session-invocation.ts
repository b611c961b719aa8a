import * as z from "zod/mini";
import { ACT_REASON } from "../src/api/parts/act-reason.ts";
import { fields } from "../src/api/parts/fields.ts";
import { USER_ID } from "../src/api/parts/user-id.ts";
import type { CallDependencies, LambdaFunction } from "../src/http/endpoint.ts";
import { IS_BASE64URL_32, type SessionId } from "../src/sessions/token.ts";
import { createDirectFunction, refusal, type DirectRefusal } from "./direct-invocation.ts";
import { endAnySession, type EndAnySessionDependencies } from "./end-any-session.ts";

/** The session that was ended, and whose it was. */
export interface EndedSession {
  readonly sessionId: string;
  readonly userId: string;
  /** Nothing was changed: the session is the one that would end. */
  readonly dryRun?: true;
}

const SESSION_ID = "a session id (43 characters in base64url)";

const DIRECT_END_SESSION = fields({
  sessionId: z.string({ error: SESSION_ID }).check(z.regex(IS_BASE64URL_32, { error: SESSION_ID })),
  includeAdmins: z._default(z.boolean({ error: "true or false" }), false),
  /** Who is behind it, for the ending and the audit line. */
  actor: z._default(USER_ID, "direct-invocation"),
  reason: z.optional(ACT_REASON),
  dryRun: z._default(z.boolean({ error: "true or false" }), false),
});

/** `DELETE /admin/sessions/{id}` by direct invocation, where IAM is the authority. */
export const createEndSessionInvocation = (
  dependencies: CallDependencies & EndAnySessionDependencies,
): LambdaFunction<unknown, EndedSession | DirectRefusal> =>
  createDirectFunction(dependencies, "end-session", DIRECT_END_SESSION, async (call) => {
    const { input } = call;
    const sessionId = input.sessionId as SessionId;
    const outcome = await endAnySession({ ...input, sessionId }, call, dependencies);
    switch (outcome.outcome) {
      case "ended":
        return { sessionId, userId: outcome.userId };
      case "would-end":
        return { sessionId, userId: outcome.session.user.id, dryRun: true };
      case "spared":
        return refusal(
          "permission_required",
          "The session is an administrator's and was not ended: includeAdmins is not true.",
          { userId: outcome.userId },
        );
      case "not-found":
        return refusal("not_found", "No live session has this id.");
    }
  });
