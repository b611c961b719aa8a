import { ApiError } from "./call.ts";

/** Tells the session's provider of calls that were refused as not signed in. */
export const notSignedIn = new EventTarget();
export const NOT_SIGNED_IN = "not-signed-in";

export const isNotSignedIn = (error: unknown): boolean =>
  error instanceof ApiError && error.failure.outcome === "refused" && error.failure.problem.status === 401;
