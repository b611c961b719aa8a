import type { AccessToken } from "../identity/access-token.ts";
import type { CallRecord } from "../runtime/telemetry.ts";
import type { Session } from "../sessions/session.ts";
import type { Credential } from "../sessions/sign-in.ts";
import type { SessionStore } from "../sessions/store.ts";
import { SessionToken } from "../sessions/token.ts";
import type { BoundCallers } from "./bound-callers.ts";
import { sessionCookieOf } from "./cookie.ts";
import { notLive, notLiveProblem } from "./not-live.ts";
import { seenFrom, type PlaceSource } from "./place.ts";
import type { Problem } from "./problem.ts";
import type { HttpHeaders } from "./request.ts";
import { crossOriginProblem, type OriginSettings } from "./same-origin.ts";

export { notLiveProblem } from "./not-live.ts";

/**
 * What a request shows of a session: nothing, something that cannot be a token, a session token, or what may
 * be a provider's access token, which nobody has verified yet.
 */
export type Presented =
  | { readonly outcome: "none" }
  | { readonly outcome: "malformed"; readonly by: "bearer" | "cookie" }
  | { readonly outcome: "token"; readonly by: "bearer" | "cookie"; readonly token: SessionToken }
  | { readonly outcome: "access-token"; readonly by: "bearer"; readonly text: string };

const BEARER = /^bearer(?: +(.*))?$/i;
/** Three parts, as a JSON Web Token has them; a session token has no dot. */
const THREE_PARTS = /^[^.]*\.[^.]*\.[^.]*$/;

/**
 * The token of a request. Where the `Authorization: Bearer` header and the cookie both come, the header
 * counts.
 */
export function presentedToken(request: HttpHeaders): Presented {
  const bearer = BEARER.exec(request.headers.get("authorization") ?? "");
  const by = bearer === null ? "cookie" : "bearer";
  const text = bearer === null ? sessionCookieOf(request) : (bearer[1] ?? "").trim();
  if (text === undefined || (by === "cookie" && text === "")) return { outcome: "none" };
  if (by === "bearer" && THREE_PARTS.test(text)) return { outcome: "access-token", by, text };
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

/** The caller's session, or the refusal with the reason. */
export type CallerResolution =
  | { readonly outcome: "live"; readonly token: CallerToken; readonly session: Session }
  | { readonly outcome: "refused"; readonly problem: Problem };

/** What a caller holds: a session token of ours, or a provider's access token that was verified. */
export type CallerToken = SessionToken | AccessToken;

/** What the store knows the caller's session by. */
export const credentialOf = (token: CallerToken): Credential => ("signIn" in token ? token.signIn : token);

/** How a caller is resolved. */
export interface CallerOptions<Request> {
  readonly touch: boolean;
  /** Where callers may send a provider's access tokens. */
  readonly bound?: BoundCallers<Request> | undefined;
  /** Where the reason of a refused access token is noted, and what an admission did. */
  readonly record?: CallRecord | undefined;
}

/**
 * Resolves the caller of a request. A malformed token is `session_unknown`, and an access token that cannot
 * be verified `invalid_access_token`, without asking the database.
 * @throws StoreUnavailableError where the database could not be asked: that is 503, never 401.
 */
export async function resolveCaller<Request extends HttpHeaders & PlaceSource>(
  request: Request,
  store: Pick<SessionStore, "validate">,
  { touch, bound, record }: CallerOptions<Request>,
): Promise<CallerResolution> {
  const presented = presentedToken(request);
  switch (presented.outcome) {
    case "none":
      return refused(notLive("no_session", "The request has no session token."));
    case "malformed":
      return refused(notLiveProblem({ outcome: "unknown" }));
    case "token": {
      const { token, by } = presented;
      const validation = await store.validate(token, { touch, from: seenFrom(request, by) });
      if (validation.outcome === "live") return { outcome: "live", token, session: validation.session };
      return refused(notLiveProblem(validation));
    }
    case "access-token": {
      if (bound === undefined) return refused(notLiveProblem({ outcome: "unknown" }));
      return bound.resolve(presented.text, { request, touch, record });
    }
  }
}

const refused = (problem: Problem): CallerResolution => ({ outcome: "refused", problem });

/**
 * What a client holds that logs in again, if anything: its session ends with the login. A token that cannot
 * be verified does not count.
 * @throws ProviderUnavailableError
 */
export async function presentedCredential(
  request: HttpHeaders,
  bound: Pick<BoundCallers, "verify"> | undefined,
): Promise<Credential | undefined> {
  const presented = presentedToken(request);
  if (presented.outcome === "token") return presented.token;
  if (presented.outcome !== "access-token" || bound === undefined) return undefined;
  const verified = await bound.verify(presented.text);
  return "code" in verified ? undefined : verified.signIn;
}
