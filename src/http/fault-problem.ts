import { StoreUnavailableError } from "../dynamodb/errors.ts";
import { problem, type Problem } from "./problem.ts";
import { ProviderUnavailableError } from "./provider-unavailable.ts";
import { SessionPolicyFailedError } from "../runtime/session-policy.ts";

/**
 * What a client learns of a fault: never more than that it happened, whether anything was changed (invariant
 * I6), and the id under which the logs tell the rest (ASVS 16.5.1).
 */
export function faultProblem(fault: unknown, requestId: string | undefined): Problem {
  const id = requestId === undefined ? {} : { requestId };
  if (fault instanceof StoreUnavailableError) {
    const headers = { "Retry-After": String(Math.max(1, Math.ceil(fault.retryAfterSeconds))) };
    return fault.effect === "unknown"
      ? problem(
          "outcome_unknown",
          {
            detail: "The database took the change and did not answer: it may or may not have happened.",
            ...id,
          },
          headers,
        )
      : problem("unavailable", { detail: unavailable(fault), ...id }, headers);
  }
  if (fault instanceof SessionPolicyFailedError) {
    const detail = "The session policy of this service failed. Nothing was changed.";
    return problem("policy_failed", { detail, ...id });
  }
  return problem("internal", {
    detail: "The service failed. Its logs have this request's id.",
    ...id,
  });
}

function unavailable(fault: StoreUnavailableError): string {
  const what = fault instanceof ProviderUnavailableError ? "identity provider" : "database";
  return `The ${what} could not be asked. Nothing was changed; try again.`;
}
