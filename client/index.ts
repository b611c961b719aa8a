/**
 * What the package offers to people's own front ends. It has no dependencies, and runs in browsers as it is.
 */
export type {
  CallerView,
  DeviceView,
  DisplacedView,
  LimitChoice,
  LiveView,
  OwnSessionView,
  SessionLimitView,
  SessionView,
  SignedInView,
  StatedDevice,
  UserView,
} from "../src/api/parts/shapes.ts";
export type { ApiAnswer, ApiProblem, Failure } from "./request.ts";
export {
  createSessionClient,
  type Credentials,
  type LoginAnswer,
  type SessionClient,
} from "./session-client.ts";
export type { SessionClientOptions, TokenStore } from "./session-client-options.ts";
export {
  createSessionKeeper,
  type KeeperOptions,
  type SessionKeeper,
  type SessionState,
} from "./session-keeper.ts";
export { appStatePage, type AppStateLike } from "./app-state.ts";
export { toSessionEnded, type SessionEnded, type SessionEndedCode } from "./session-ended.ts";
export type { WatchedPage, WatchSessionOptions } from "./watch-options.ts";
export { watchSession } from "./watch-session.ts";
