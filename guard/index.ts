/**
 * The check of a session for one's own functions and servers.
 * @module
 */
export { createGuard, sharedGuard } from "./core.ts";
export type {
  AwsCredentials,
  Caller,
  CheckOptions,
  Guard,
  GuardAccessTokens,
  GuardAnswer,
  GuardOptions,
  GuardOutcome,
  GuardProblem,
  GuardRules,
  HeaderValues,
  RequestLike,
} from "./core.ts";
