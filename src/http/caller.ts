import type { Ending } from "../sessions/ending.ts";
import type { Session } from "../sessions/session.ts";
import type { SessionStore, Validation } from "../sessions/store.ts";
import { SessionToken } from "../sessions/token.ts";
import { sessionCookieOf } from "./cookie.ts";
import { unauthorized, type Problem } from "./problem.ts";
import type { HttpHeaders } from "./request.ts";
import { crossOriginProblem, type OriginSettings } from "./same-origin.ts";
import { toIsoTime } from "./views.ts";

/** What a request shows of a session: nothing, something that cannot be a token, or a token. */
export type Presented =
  | { readonly outcome: "none" }
  | { readonly outcome: "malformed"; readonly by: "bearer" | "cookie" }
  | { readonly outcome: "token"; readonly by: "bearer" | "cookie"; readonly token: SessionToken };

const BEARER = /^bearer(?: +(.*))?$/i;

/**
 * The token of a request. Where the `Authorization: Bearer` header and the cookie both come, the header
 * counts.
 */
export function presentedToken(request: HttpHeaders): Presented {
  const bearer = BEARER.exec(request.headers.get("authorization") ?? "");
  const by = bearer === null ? "cookie" : "bearer";
  const text = bearer === null ? sessionCookieOf(request) : (bearer[1] ?? "").trim();
  if (text === undefined || (by === "cookie" && text === "")) return { outcome: "none" };
  const token = SessionToken.parse(text);
  return token === undefined ? { outcome: "malformed", by } : { outcome: "token", by, token };
}

/**
 * The same-origin rule for a state-changing call: only what came with the cookie needs it, since no page can
 * make a browser send a bearer token that the page does not have.
 */
export function forgeryProblem(request: HttpHeaders, settings: OriginSettings): Problem | undefined {
  const presented = presentedToken(request);
  return presented.outcome !== "none" && presented.by === "cookie"
    ? crossOriginProblem(request, settings)
    : undefined;
}

/** Whoever makes the call, or the 401 that says why it is nobody. */
export type CallerResolution =
  | { readonly outcome: "live"; readonly token: SessionToken; readonly session: Session }
  | { readonly outcome: "refused"; readonly problem: Problem };

/**
 * Resolves the caller of a request. A malformed token is `session_unknown` without asking the database.
 * @throws StoreUnavailableError where the database could not be asked: that is 503, never 401.
 */
export async function resolveCaller(
  request: HttpHeaders,
  store: Pick<SessionStore, "validate">,
  options: { readonly touch: boolean },
): Promise<CallerResolution> {
  const presented = presentedToken(request);
  switch (presented.outcome) {
    case "none":
      return { outcome: "refused", problem: notLive("no_session", "The request has no session token.") };
    case "malformed":
      return { outcome: "refused", problem: notLiveProblem({ outcome: "unknown" }) };
    case "token": {
      const { token } = presented;
      const validation = await store.validate(token, options);
      if (validation.outcome === "live") return { outcome: "live", token, session: validation.session };
      return { outcome: "refused", problem: notLiveProblem(validation) };
    }
  }
}

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

function endedProblem(ending: Ending): Problem {
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

function notLive(
  code: Parameters<typeof unauthorized>[0],
  detail: string,
  extensions: Readonly<Record<string, unknown>> = {},
): Problem {
  return unauthorized(code, { detail, ...extensions }, { tokenPresented: code !== "no_session" });
}
