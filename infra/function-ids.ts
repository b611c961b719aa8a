/** The functions: their construct ids, and the names of their files in `functions/`. */
export const FUNCTION_IDS = [
  "login",
  "logout",
  "validate",
  "authorize",
  "admin-logout",
  "list-sessions",
  "end-session",
] as const;
/** Only where an OIDC source has the code flow on. */
export const LOGIN_OIDC = "login-oidc";
/** Only where events are on. */
export const OUTBOX = "outbox";
/** Only where push is on. */
export const PUSH_AUTHORIZE = "push-authorize";
/** Only where activity is on. */
export const ACTIVITY = "activity";
/** The same. */
export const RECOUNT = "recount";
/** Only where jobs are on. */
export const RUN_JOB = "run-job";
/** The same. */
export const JOBS = "jobs";
/** Not in every deployment. */
export const OPTIONAL_FUNCTION_IDS = [
  LOGIN_OIDC,
  OUTBOX,
  PUSH_AUTHORIZE,
  ACTIVITY,
  RECOUNT,
  RUN_JOB,
  JOBS,
] as const;
export type OptionalFunctionId = (typeof OPTIONAL_FUNCTION_IDS)[number];
export type FunctionId = (typeof FUNCTION_IDS)[number] | OptionalFunctionId;
