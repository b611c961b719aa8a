import type {
  END_OTHER_SESSIONS,
  GET_SESSION,
  LIST_OWN_SESSIONS,
  LOGIN,
  LOGOUT,
  WatchUrl,
} from "../src/api/parts/client-routes.ts";

/** The contract has them; the client takes only types, so that nothing of the contract is in it. */
type RouteOf<R extends { readonly method: string; readonly path: string }> = readonly [
  R["method"],
  R["path"],
];

export const LOG_IN: RouteOf<typeof LOGIN> = ["POST", "/login"];
export const LOG_OUT: RouteOf<typeof LOGOUT> = ["POST", "/logout"];
export const ASK: RouteOf<typeof GET_SESSION> = ["GET", "/session"];
export const LIST: RouteOf<typeof LIST_OWN_SESSIONS> = ["GET", "/sessions"];
/** The id of the session to end follows `/sessions/`. */
export const END_OTHERS: RouteOf<typeof END_OTHER_SESSIONS> = ["DELETE", "/sessions"];
export const WATCH_URL: WatchUrl = "/session?watch=1";
/** Before the name of a session's channel: the namespace of the Event API that the page subscribes at. */
export const CHANNELS = "/sessions/";
