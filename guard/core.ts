/** What the entry points of the guard are made of: in the package one file, which all of them load. */
export {
  createGuard,
  sharedGuard,
  type AwsCredentials,
  type GuardAccessTokens,
  type GuardOptions,
} from "./create-guard.ts";
export type { Caller, CheckOptions, Guard, GuardAnswer, GuardOutcome } from "./guard.ts";
export type { GuardProblem } from "./problem.ts";
export type { HeaderValues, RequestLike } from "./request.ts";
export { checkRules, type GuardRules } from "./rules.ts";
export {
  callerOn,
  sessionRequirement,
  type RequireSessionOptions,
  type WholeAnswer,
} from "./require-session.ts";
