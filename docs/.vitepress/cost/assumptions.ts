import type { FunctionKind } from "../../../bench/cost/counts.ts";

/** What a month is made of. Every number here is an assumption: replace it with your own. */
export const MIX = {
  /** Seconds from one validation of an active session to the next. */
  secondsBetweenValidations: 15,
  validationsOfASession: 200,
  /** The rest ask `GET /session`. */
  byAuthorizer: 0.9,
  /** Of all logins: those that displace a session, and those that find an expired one. The rest find none. */
  displacing: 0.2,
  afterExpiry: 0.4,
  /** How often a displaced device asks before it stops. */
  asksAfterDisplacement: 3,
  logoutsOfALogin: 0.4,
  ownListsOfALogin: 0.05,
  administratorsPagesOfALogin: 0.001,
  administratorsLogoutsOfALogin: 0.0001,
} as const;

/**
 * Memory as `infra/function-sizes.ts` has it; the billed milliseconds, cold starts included, were never
 * measured on AWS.
 */
export const FUNCTIONS: Readonly<
  Record<FunctionKind, { readonly memoryMb: number; readonly billedMs: number }>
> = {
  validate: { memoryMb: 512, billedMs: 10 },
  authorize: { memoryMb: 512, billedMs: 10 },
  login: { memoryMb: 1769, billedMs: 250 },
  logout: { memoryMb: 512, billedMs: 30 },
  "list-sessions": { memoryMb: 512, billedMs: 40 },
  "admin-logout": { memoryMb: 1024, billedMs: 100 },
  // A change alone in its batch: a call of EventBridge, and for an ending one of DynamoDB and of AppSync.
  outbox: { memoryMb: 512, billedMs: 40 },
  "push-authorize": { memoryMb: 512, billedMs: 3 },
};

/** Functions that answer no request of the HTTP API. */
export const NOT_THROUGH_THE_API: readonly FunctionKind[] = ["authorize", "outbox", "push-authorize"];

/** What AppSync Events counts as an operation: what comes in, what goes out, and each run of a handler. */
export const PUSH_OPERATIONS = {
  /** Connect, subscribe, and `onSubscribe` of the namespace. */
  ofAConnection: 3,
  /** Published, and delivered. */
  ofAHint: 2,
} as const;
/** Minutes between the questions of a page that is connected. */
export const CONNECTED_ASKS_EVERY_MINUTES = 15;

const REQUEST_ID = "8f507cfc-xmpl-4697-b07a-ac58fc914c95";

/**
 * What Lambda itself writes into a function's log for each call, in its text format. The construct
 * switches it off; `addToFunction` of one's own does not.
 */
export const PLATFORM_LOG_BYTES = Buffer.byteLength(
  `START RequestId: ${REQUEST_ID} Version: $LATEST\n` +
    `END RequestId: ${REQUEST_ID}\n` +
    `REPORT RequestId: ${REQUEST_ID}\tDuration: 7.42 ms\tBilled Duration: 8 ms\tMemory Size: 512 MB\tMax Memory Used: 94 MB\t\n`,
);

/** What DynamoDB adds to each item and each index entry it stores. */
export const STORED_OVERHEAD_BYTES = 100;
/** Days that a session's items stay: the absolute timeout, and what TTL takes its time for. */
export const STORED_DAYS = 2;
/**
 * Days that a user's roster stays after the last login: it keeps the time from which sign-ins count. At most;
 * the next login of the same user makes no second one.
 */
export const ROSTER_DAYS = 32;
export const DAYS_IN_A_MONTH = 30;

/** Metrics that a month sees, of the closed list in `src/runtime/function-settings.ts`. */
export const METRICS = 10;
/** And with events: `EventsTold`. */
export const METRICS_OF_EVENTS = 1;
