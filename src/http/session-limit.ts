import type { SessionLimitView } from "../api/parts/problems.ts";
import type { SessionPolicy } from "../sessions/policy.ts";
import type { Session } from "../sessions/session.ts";
import { problem, type Problem } from "./problem.ts";
import { showSession } from "./views.ts";

/** A user who has as many sessions as the session policy allows, and what it does there. */
export interface AtTheLimit extends Pick<SessionPolicy, "atLimit"> {
  readonly sessions: readonly Session[];
}

/** What a client is told that is at the limit of its session policy. */
export const AT_THE_LIMIT = "The user has as many sessions as the session policy allows.";

/** What goes with it: what the policy does at the limit, and the live sessions. */
export const atTheLimitView = ({ atLimit, sessions }: AtTheLimit): SessionLimitView => ({
  atLimit,
  sessions: sessions.map(showSession),
});

/** 409; for somebody with right credentials only, since it shows the sessions. */
export const sessionLimitProblem = (limit: AtTheLimit): Problem =>
  problem("session_limit", { detail: AT_THE_LIMIT, ...atTheLimitView(limit) });
