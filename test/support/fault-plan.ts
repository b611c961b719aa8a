import { setTimeout as sleep } from "node:timers/promises";
import { cancelled, type Fault, type Interference, type PassingRequest } from "./dynamodb-proxy.ts";
import type { IndexLag } from "./index-lag.ts";
import { Draws } from "./seeded.ts";

/** What a plan can do to a request, and what of it a request of each kind can meet. */
export const FAULT_KINDS = [
  /** It waits a little before it goes on. */
  "delay",
  /** It waits until its client has given up on it, and then takes effect all the same. */
  "late",
  "drop-request",
  /** The ambiguous write: carried out, and nobody told. */
  "drop-answer",
  "break-answer",
  "throttled",
  /** `TransactionConflict` in a cancelled transaction, `TransactionConflictException` of a single write. */
  "conflict",
  /** `TransactionInProgressException`: this request token is just being worked on. */
  "in-progress",
  "unprocessed",
  "server-error",
  "server-error-after-effect",
  "deliver-twice",
  "index-lag",
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** The probability of each, for a request that can meet it. What is not named does not happen. */
export type FaultRates = Readonly<Partial<Record<FaultKind, number>>>;

export interface FaultPlanOptions {
  readonly seed: string;
  readonly rates: FaultRates;
  /** The longest delay; a late one takes half as long again as `givesUpAfterMs`. */
  readonly longestDelayMs: number;
  /** When the client takes a request for lost. */
  readonly givesUpAfterMs: number;
  /** For `index-lag`, which without it does not happen. */
  readonly indexes?: { readonly lag: IndexLag; readonly longestMs: number };
}

/** A fault for each request. */
export interface FaultPlan {
  readonly interfere: Interference;
  /** How many of each kind have been injected so far. */
  readonly injected: Record<FaultKind, number>;
}

/**
 * A plan whose n-th request of an operation (`GetItem`, `TransactWriteItems`, …) meets what the seed says,
 * whatever came between. Which of a program's requests is the n-th is the machine's doing, as far as requests
 * run at the same time.
 */
export function createFaultPlan(options: FaultPlanOptions): FaultPlan {
  const injected = Object.fromEntries(FAULT_KINDS.map((kind) => [kind, 0])) as Record<FaultKind, number>;
  const met = new Map<string, number>();

  async function interfere(request: PassingRequest): Promise<Fault | undefined> {
    const nth = met.get(request.operation) ?? 0;
    met.set(request.operation, nth + 1);
    const draws = new Draws(options.seed, request.operation, nth);
    const kind = chooseKind(draws, request, options);
    if (kind === undefined) return undefined;
    injected[kind]++;
    if (kind === "delay") await sleep(draws.between(0, options.longestDelayMs));
    if (kind === "late") await sleep(1.5 * options.givesUpAfterMs);
    return faultOf(kind, draws, request, options);
  }
  return { interfere, injected };
}

function chooseKind(draws: Draws, request: PassingRequest, options: FaultPlanOptions): FaultKind | undefined {
  let left = draws.next();
  for (const kind of FAULT_KINDS) {
    const rate = options.rates[kind] ?? 0;
    if (rate === 0 || !canMeet(kind, request, options)) continue;
    left -= rate;
    if (left < 0) return kind;
  }
  return undefined;
}

const TRANSACTIONS = ["TransactWriteItems", "TransactGetItems"];
const BATCHES = ["BatchWriteItem", "BatchGetItem"];
const SINGLE_WRITES = ["PutItem", "UpdateItem", "DeleteItem"];

function canMeet(
  kind: FaultKind,
  { operation, body }: PassingRequest,
  { indexes }: FaultPlanOptions,
): boolean {
  switch (kind) {
    case "conflict":
      return [...TRANSACTIONS, ...SINGLE_WRITES].includes(operation);
    case "in-progress":
    case "deliver-twice":
      return body["ClientRequestToken"] !== undefined;
    case "unprocessed":
      return BATCHES.includes(operation);
    case "index-lag":
      return body["IndexName"] !== undefined && indexes !== undefined;
    case "delay":
    case "late":
    case "drop-request":
    case "drop-answer":
    case "break-answer":
    case "throttled":
    case "server-error":
    case "server-error-after-effect":
      return true;
  }
}

const THROTTLING = [
  "ProvisionedThroughputExceededException",
  "com.amazon.coral.availability#ThrottlingException",
  "RequestLimitExceeded",
];
const THROTTLED_REASONS = ["ThrottlingError", "ProvisionedThroughputExceeded"];

function faultOf(
  kind: FaultKind,
  draws: Draws,
  request: PassingRequest,
  { longestDelayMs, indexes }: FaultPlanOptions,
): Fault | undefined {
  switch (kind) {
    case "delay":
    case "late":
      return undefined;
    case "drop-request":
    case "drop-answer":
    case "break-answer":
      return { fault: kind };
    case "throttled":
      return TRANSACTIONS.includes(request.operation) && draws.chance(0.5)
        ? cancelledAtOne(request, draws, draws.pick(THROTTLED_REASONS))
        : refused(draws.pick(THROTTLING));
    case "conflict":
      return TRANSACTIONS.includes(request.operation)
        ? cancelledAtOne(request, draws, "TransactionConflict")
        : refused("TransactionConflictException");
    case "in-progress":
      return refused("TransactionInProgressException");
    case "unprocessed": {
      const share = draws.chance(0.2) ? 1 : draws.next();
      const leaving = new Draws(String(draws.next()));
      return { fault: "unprocessed", leaves: () => leaving.chance(share) };
    }
    case "server-error":
      return { fault: "error", type: "InternalServerError", status: 500 };
    case "server-error-after-effect":
      return { fault: "error", type: "InternalServerError", status: 500, afterEffect: true };
    case "deliver-twice":
      return { fault: "deliver-twice", afterMs: draws.between(0, 10 * longestDelayMs) };
    case "index-lag":
      return indexes?.lag.faultFor(request, draws.between(0, indexes.longestMs));
  }
}

const NAMESPACE = "com.amazonaws.dynamodb.v20120810#";

const refused = (type: string): Fault => ({
  fault: "error",
  type: type.includes("#") ? type : NAMESPACE + type,
});

/** A cancelled transaction names a reason for each of its actions. */
function cancelledAtOne({ body }: PassingRequest, draws: Draws, reason: string): Fault {
  const actions = (body["TransactItems"] as readonly unknown[]).map(() => "None");
  actions[draws.whole(0, actions.length - 1)] = reason;
  return cancelled(...actions);
}
