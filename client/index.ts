/** What the package offers to people's own front ends. It has no dependencies, and runs in browsers as it is. */
export {
  toSessionEnded,
  watchSession,
  type SessionEnded,
  type SessionEndedCode,
  type WatchedPage,
  type WatchSessionOptions,
} from "./watch-session.ts";
