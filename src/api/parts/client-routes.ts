/**
 * The routes of the calls that the client (`client/`) makes, here and not in their contracts: the client
 * takes types from this file, and is compiled without the types of Node.js and of zod. So the file imports
 * nothing.
 */
export const LOGIN = { method: "POST", path: "/login", function: "login" } as const;
export const LOGOUT = { method: "POST", path: "/logout", function: "logout" } as const;
export const GET_SESSION = { method: "GET", path: "/session", function: "validate" } as const;
export const LIST_OWN_SESSIONS = { method: "GET", path: "/sessions", function: "list-sessions" } as const;
export const LIST_OWN_ACTIVITY = { method: "GET", path: "/sessions/activity", function: "activity" } as const;
export const END_SESSION = { method: "DELETE", path: "/sessions/{id}", function: "end-session" } as const;
export const END_OTHER_SESSIONS = { method: "DELETE", path: "/sessions", function: "end-session" } as const;

/** The query parameter that asks without counting as activity. */
export const WATCH = { name: "watch", value: "1" } as const;

/** Path and query of the question whether a session is live. */
export type WatchUrl = `${typeof GET_SESSION.path}?${typeof WATCH.name}=${typeof WATCH.value}`;
