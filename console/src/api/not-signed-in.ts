import { ApiError } from "./call.ts";

/** Where calls that were refused as not signed in are made known to whoever holds the session. */
export const notSignedIn = new EventTarget();
export const NOT_SIGNED_IN = "not-signed-in";

export const isNotSignedIn = (error: unknown): boolean =>
  error instanceof ApiError && error.failure.outcome === "refused" && error.failure.problem.status === 401;
