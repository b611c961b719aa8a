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
export type FunctionId = (typeof FUNCTION_IDS)[number] | typeof LOGIN_OIDC;
