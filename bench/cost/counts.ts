import type { Units } from "../support/units.ts";

/** The values of `logValidations` whose lines are counted; `sampled` lies between them by chance. */
export const COUNTED_LOGS = ["none", "all"] as const;
export type CountedLog = (typeof COUNTED_LOGS)[number];

/** The calls that are counted, each through its function, API Gateway's event in and response out. */
export const FUNCTION_OF = {
  validate: "validate",
  "validate, touching": "validate",
  "validate, displaced": "validate",
  "validate, unknown": "validate",
  "validate, access token": "validate",
  "validate, access token, admitting": "validate",
  "validate, access token, admitting and displacing": "validate",
  "validate, access token, displaced": "validate",
  watch: "validate",
  authorize: "authorize",
  "authorize, touching": "authorize",
  "authorize, displaced": "authorize",
  "authorize, unknown": "authorize",
  "login, first": "login",
  "login, after an expired session": "login",
  "login, displacing": "login",
  "login, trusted, first": "login",
  "login, trusted, displacing": "login",
  logout: "logout",
  "list of one's own": "list-sessions",
  "list of everybody's, 50": "list-sessions",
  "administrators' logout of 10": "admin-logout",
  "outbox, a start": "outbox",
  "outbox, an ending": "outbox",
  "push, connecting": "push-authorize",
  "push, subscribing": "push-authorize",
} as const;
export type Call = keyof typeof FUNCTION_OF;
export const CALLS = Object.keys(FUNCTION_OF) as Call[];
export type FunctionKind = (typeof FUNCTION_OF)[Call];

/** What one call costs, exactly. */
export interface CallCounts {
  /** Requests to DynamoDB, by kind. */
  readonly requests: Readonly<Record<string, number>>;
  readonly units: Units;
  /** Bytes of the lines that the function writes, metrics included, by `logValidations`. */
  readonly logBytes: Readonly<Record<CountedLog, number>>;
  /** Bytes of the response's body. */
  readonly bodyBytes: number;
}

/** What a step of a job was counted with: 1,000 users. */
export const JOB_KINDS = ["nobody signed in", "each with a session"] as const;
export type JobKind = (typeof JOB_KINDS)[number];

/** The record that the costs are calculated from: what `npm run bench:cost -- --count` counted. */
export interface Counts {
  readonly calls: Readonly<Record<Call, CallCounts>>;
  /** What a step of a job costs, 1,000 users and their list. */
  readonly jobs: Readonly<Record<JobKind, Pick<CallCounts, "requests" | "units">>>;
  /** Bytes of a user's items, and of their entries in the index. */
  readonly stored: { readonly session: number; readonly roster: number; readonly indexEntry: number };
}
