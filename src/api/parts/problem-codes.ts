/**
 * Every code a client can meet, and its status. Codes are stable: clients branch on them. What each means,
 * and what it brings with it, is in `problems.ts`. This file imports nothing, for the reason that
 * `client-routes.ts` has.
 */
export const PROBLEM_STATUS = {
  invalid_json: 400,
  invalid_request: 400,
  no_session: 401,
  session_expired: 401,
  session_displaced: 401,
  session_logged_out: 401,
  session_revoked: 401,
  session_unknown: 401,
  invalid_access_token: 401,
  invalid_credentials: 401,
  oidc_failed: 401,
  cdn_required: 403,
  cross_origin: 403,
  permission_required: 403,
  reauthentication_required: 403,
  not_found: 404,
  session_limit: 409,
  body_too_large: 413,
  unsupported_media_type: 415,
  too_many_attempts: 429,
  internal: 500,
  policy_failed: 500,
  outcome_unknown: 503,
  unavailable: 503,
} as const satisfies Record<string, number>;

export type ProblemCode = keyof typeof PROBLEM_STATUS;

/** Why the session of a token is not live, or why a sign-in gives none. */
export const TOKEN_REFUSED = [
  "session_expired",
  "session_displaced",
  "session_logged_out",
  "session_revoked",
  "session_unknown",
] as const satisfies readonly ProblemCode[];

/** Why a session is not live: the codes of a 401 for a session token, or for none. */
export const NOT_LIVE = ["no_session", ...TOKEN_REFUSED] as const satisfies readonly ProblemCode[];
export type NotLiveCode = (typeof NOT_LIVE)[number];

/** Why a request has no caller: the same, or its provider's access token cannot be verified. */
export const NO_CALLER = [...NOT_LIVE, "invalid_access_token"] as const satisfies readonly ProblemCode[];
export type NoCallerCode = (typeof NO_CALLER)[number];
