/**
 * The call that the client (`client/`) repeats, here and not in `get-session.ts`: the client takes types from
 * this file, and is compiled without the types of Node.js and of zod. So the file imports nothing.
 */
export const GET_SESSION = { method: "GET", path: "/session", function: "validate" } as const;

/** The query parameter that asks without counting as activity. */
export const WATCH = { name: "watch", value: "1" } as const;

/** Path and query of the question: the client's default. */
export type WatchUrl = `${typeof GET_SESSION.path}?${typeof WATCH.name}=${typeof WATCH.value}`;
