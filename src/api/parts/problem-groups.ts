import type { ProblemCode } from "./problem-codes.ts";

/** What every call may answer: faults, and with `onlyThroughCdn` the refusal of what came past the CDN. */
export const FAULTS = ["internal", "unavailable", "cdn_required"] as const satisfies readonly ProblemCode[];

/** What a call may answer that changes what sessions there are, by a transaction. */
export const CHANGE_FAULTS = [...FAULTS, "outcome_unknown"] as const satisfies readonly ProblemCode[];

/** What may be wrong with any JSON body. */
export const BODY_PROBLEMS = [
  "invalid_json",
  "invalid_request",
  "body_too_large",
  "unsupported_media_type",
] as const satisfies readonly ProblemCode[];
