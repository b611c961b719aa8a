import type { OidcFailure } from "../api/parts/problems.ts";
import { problem, type Problem, type ProblemMembers } from "./problem.ts";
import type { CallRecord } from "../runtime/telemetry.ts";

/** Seconds after which aws-jwt-verify asks for keys again. */
const RETRY_AFTER_SECONDS = 10;

/** 503: nothing is known of the person, so it is neither a yes nor a no. */
export function providerUnavailable(cause: unknown, record: CallRecord): Problem {
  record.count("Unavailable");
  record.fault(cause);
  return problem(
    "unavailable",
    { detail: "The identity provider could not be asked. Nothing was changed; try again." },
    { "Retry-After": String(RETRY_AFTER_SECONDS) },
  );
}

const DETAILS = {
  not_under_way: "No sign-in is under way in this browser, or a later one has begun. Begin again.",
  refused_by_provider: "The identity provider did not sign you in.",
  not_proven: "The identity provider's answer does not prove a fresh sign-in. Begin again.",
} as const satisfies Record<OidcFailure, string>;

/** 401 for the callback of the code flow. */
export function oidcFailed(
  reason: OidcFailure,
  record: CallRecord,
  members: Omit<ProblemMembers, "detail"> = {},
): Problem {
  record.count("FailedLogins");
  const detail = DETAILS[reason];
  return problem("oidc_failed", { detail, reason, ...members }, { "WWW-Authenticate": "Bearer" });
}
