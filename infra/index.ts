/**
 * What the package offers to people's own CDK apps.
 * @module
 */
export type {
  AtLimit,
  PolicyUser,
  SessionPolicy,
  SessionPolicyAnswer,
  SessionPolicyFunction,
} from "../src/sessions/policy.ts";
export { AUTHORIZER_SOURCES, type AuthorizerCache, type AuthorizerSource } from "./authorizer.ts";
export type { BaselineProps, SessionFunctionOptions } from "./baseline.ts";
export type { ProtectedFunction } from "./guard.ts";
export type { FunctionId } from "./function-ids.ts";
export {
  SingleSessionConsole,
  type SingleSessionConsoleOptions,
  type SingleSessionConsoleProps,
} from "./console/console.ts";
export type { ConsoleBranding, ConsoleLogo } from "./console/branding.ts";
export { settingsFromContext, stackPropsFromContext } from "./settings/context-settings.ts";
export type { SessionEventOptions } from "./settings/events-setting.ts";
export type { IdentitySource } from "./settings/identity-setting.ts";
export type {
  AccessTokenOptions,
  CognitoIdentitySource,
  OidcIdentitySource,
} from "./settings/identity-sources.ts";
export type { SingleSessionAttributes } from "./imported-single-session.ts";
export { ALARM_NAMES, type AlarmName } from "./monitor/alarms.ts";
export type { AlarmOptions, MonitorProps, Objectives } from "./monitor/monitor-props.ts";
export type { SessionMonitor } from "./monitor/monitor.ts";
export { SettingError } from "./settings/setting-error.ts";
export type { ISingleSession, RestAuthorizerOptions } from "./single-session-interface.ts";
export type { SingleSessionProps } from "./single-session-props.ts";
export { SingleSessionStack, type SingleSessionStackProps } from "./single-session-stack.ts";
export {
  LOG_LEVELS,
  VALIDATION_LOGS,
  type LogLevel,
  type MetricName,
  type ValidationLog,
} from "../src/runtime/function-settings.ts";
export type { SignInWays } from "./sign-in-ways.ts";
export { SingleSession } from "./single-session.ts";
export { NIST, TIMEOUT_LEVELS, type TimeoutLevel } from "./settings/timeout-setting.ts";
export { DEFAULT_THROTTLE, type RouteThrottle, type SessionThrottle } from "./throttle.ts";
