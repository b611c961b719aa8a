import type { Texts } from "../texts/en.ts";
import { ApiError, type Failure } from "./call.ts";

/** A failed call in words. Codes that only one page can meet are that page's to explain. */
export function failureText(failure: Failure, { failures }: Texts): string {
  if (failure.outcome === "unreachable") return failures.unreachable;
  const { code, status } = failure.problem;
  switch (code) {
    case "unavailable":
      return failures.unavailable;
    case "outcome_unknown":
      return failures.unknownOutcome;
    case "permission_required":
      return failures.forbidden;
    case "cross_origin":
      return failures.crossOrigin;
    case "not_found":
      return failures.notFound;
    case "no_session":
    case "session_displaced":
    case "session_expired":
    case "session_logged_out":
    case "session_revoked":
    case "session_unknown":
      return failures.signedOut;
    case "body_too_large":
    case "cdn_required":
    case "internal":
    case "invalid_access_token":
    case "invalid_credentials":
    case "invalid_json":
    case "invalid_request":
    case "oidc_failed":
    case "policy_failed":
    case "reauthentication_required":
    case "session_limit":
    case "too_many_attempts":
    case "unsupported_media_type":
    case "unknown":
      return failures.other(status);
  }
}

/** The same of what a query or mutation threw. */
export function errorText(error: Error, texts: Texts): string {
  return failureText(error instanceof ApiError ? error.failure : { outcome: "unreachable" }, texts);
}
