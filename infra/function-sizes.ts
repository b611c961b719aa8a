import type { FunctionId } from "./function-ids.ts";

interface Size {
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  readonly readsDirectory: boolean;
  /** Whether it signs people in, and so needs the sign-in table. */
  readonly signsIn?: boolean;
  /** Days that an execution may take, of a durable function. */
  readonly durableDays?: number;
}

/** Seconds; an HTTP API waits for 30, whatever a function may take. */
const LONGEST_TIMEOUT = 29;

/**
 * Seconds. A commit may have to wait its turn behind others of the same user, with patience for 15 s
 * (`src/sessions/contention.ts`).
 */
export const SECONDS_OF_COMMIT = LONGEST_TIMEOUT;

/**
 * Lambda gives CPU in proportion to memory, one vCPU at 1769 MB. These functions wait for DynamoDB, except at
 * a cold start; 512 MB keeps that short, and leaves room for the SDK.
 */
const WAITING = { memoryMb: 512, timeoutSeconds: 10, readsDirectory: false } as const satisfies Size;

const COMMITTING = { ...WAITING, timeoutSeconds: SECONDS_OF_COMMIT } as const satisfies Size;

/** What each function gets; the costs of `docs/design/cost.md` are calculated by it. */
export const SIZES: Readonly<Record<FunctionId, Size>> = {
  // argon2id with 19 MiB is pure CPU: a whole vCPU is what its cost was chosen for, and a smaller share takes
  // as many times longer for the same price.
  login: { memoryMb: 1769, timeoutSeconds: LONGEST_TIMEOUT, readsDirectory: true, signsIn: true },
  logout: COMMITTING,
  validate: WAITING,
  authorize: WAITING,
  // 1,000 users with up to 30 sessions each pass through its memory; an HTTP API waits 30 s at most.
  "admin-logout": { memoryMb: 1024, timeoutSeconds: 29, readsDirectory: true },
  "list-sessions": { ...WAITING, readsDirectory: true },
  "end-session": { ...COMMITTING, readsDirectory: true },
  // A cold start also asks the provider, over TLS connections whose set-up is CPU.
  "login-oidc": { memoryMb: 1024, timeoutSeconds: LONGEST_TIMEOUT, readsDirectory: false, signsIn: true },
  // Nobody waits for it. It has patience with DynamoDB, EventBridge and SQS, one after another.
  outbox: { ...WAITING, timeoutSeconds: 60 },
  // 35 days of hours are one query; a page of everybody's is one of each list.
  activity: { ...WAITING, readsDirectory: true },
  // Nobody waits for it. Two busy days are some thousand queries.
  recount: { ...WAITING, timeoutSeconds: 900 },
  // As the administrators' logout; 15 minutes are the most that an invocation may take. As long as its list
  // is kept, an execution may go on.
  "run-job": { memoryMb: 1024, timeoutSeconds: 900, readsDirectory: true, durableDays: 14 },
  // A list of some megabytes passes through its memory; an HTTP API waits 30 s at most.
  jobs: { memoryMb: 1024, timeoutSeconds: LONGEST_TIMEOUT, readsDirectory: true },
  // AppSync waits for 10 seconds.
  "push-authorize": WAITING,
};
