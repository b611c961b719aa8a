import type { Ending } from "../sessions/ending.ts";
import type { Validation } from "../sessions/store.ts";
import { unauthorized, type Problem } from "./problem.ts";
import { toIsoTime } from "./views.ts";

/** The 401 of a token whose session is not live: why, and as far as the caller may know when and by whom. */
export function notLiveProblem(validation: Exclude<Validation, { outcome: "live" }>): Problem {
  switch (validation.outcome) {
    case "unknown":
      return notLive("session_unknown", "No session has this token.");
    case "expired": {
      const { idleExpiresAt, expiresAt } = validation.session;
      const endedAt = toIsoTime(Math.min(idleExpiresAt, expiresAt));
      return notLive("session_expired", "The session expired.", { endedAt });
    }
    case "ended":
      return endedProblem(validation.ending);
  }
}

/** Why a session ended, as its record says, or what is known of a sign-in that was shut out. */
export type EndingSeen = Pick<Ending, "reason" | "endedAt" | "displacedByDevice">;

export function endedProblem(ending: EndingSeen): Problem {
  const endedAt = toIsoTime(ending.endedAt);
  switch (ending.reason) {
    case "displaced": {
      const device = ending.displacedByDevice;
      const detail = "A newer login of the same user ended the session.";
      return notLive("session_displaced", detail, {
        endedAt,
        ...(device !== undefined && { by: { device } }),
      });
    }
    case "logged_out":
      return notLive("session_logged_out", "The session was logged out.", { endedAt });
    case "revoked":
      return notLive("session_revoked", "An administrator ended the session.", {
        endedAt,
        by: { administrator: true },
      });
  }
}

/** 401 with the code of a session that is not live. */
export function notLive(
  code: Parameters<typeof unauthorized>[0],
  detail: string,
  extensions: Readonly<Record<string, unknown>> = {},
): Problem {
  return unauthorized(code, { detail, ...extensions }, { tokenPresented: code !== "no_session" });
}
