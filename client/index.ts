/**
 * What the package offers to people's own front ends. It has no dependencies, and runs in browsers as it is.
 */
export { appStatePage, type AppStateLike } from "./app-state.ts";
export { toSessionEnded, type SessionEnded, type SessionEndedCode } from "./session-ended.ts";
export type { WatchedPage, WatchSessionOptions } from "./watch-options.ts";
export { watchSession } from "./watch-session.ts";
