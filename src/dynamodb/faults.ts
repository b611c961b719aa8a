import {
  ItemCollectionSizeLimitExceededException,
  LimitExceededException,
  ProvisionedThroughputExceededException,
  ReplicatedWriteConflictException,
  RequestLimitExceeded,
  ThrottlingException,
  TransactionCanceledException,
  TransactionConflictException,
  TransactionInProgressException,
  type CancellationReason,
} from "@aws-sdk/client-dynamodb";
import { StoreUnavailableError } from "./errors.ts";
import { NoTimeLeftError } from "./time-left.ts";

/**
 * What an error of the database client means for the request that met it.
 * * `refused`: definitely not carried out, but may be if asked again (throttling, conflict with a running
 *   transaction)
 * * `unanswered`: may or may not have been carried out
 * * `fault`: asking again cannot help (no such table, access denied, a mistake of ours)
 */
export type FaultKind = "refused" | "unanswered" | "fault";

const REFUSALS = [
  TransactionConflictException,
  TransactionInProgressException,
  ProvisionedThroughputExceededException,
  ThrottlingException,
  RequestLimitExceeded,
  LimitExceededException,
  ItemCollectionSizeLimitExceededException,
  ReplicatedWriteConflictException,
];
/** The SDK has no class for this one. */
const UNMODELLED_REFUSAL = "Throttling";

const isRefusal = (error: unknown): boolean =>
  error instanceof NoTimeLeftError || REFUSALS.some((refusal) => error instanceof refusal);

/** Reasons in a cancelled transaction that pass with time. */
const REFUSAL_REASONS = new Set([
  "TransactionConflict",
  "ThrottlingError",
  "ProvisionedThroughputExceeded",
  "RequestLimitExceeded",
]);

/** Errors of the connection that come before a single byte of the request has left. */
const NEVER_SENT = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"]);

interface ClientError {
  readonly name?: string;
  readonly code?: string;
  /** Errors that DynamoDB answered have it. */
  readonly $fault?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: { readonly statusCode?: number };
}

/** The reasons of a cancelled transaction, an entry for each action, or `undefined` for any other error. */
export function cancellationReasons(error: unknown): readonly CancellationReason[] | undefined {
  return error instanceof TransactionCanceledException ? (error.CancellationReasons ?? []) : undefined;
}

/** Sorts an error of the database client (AWS's list of retryable DynamoDB errors). */
export function faultKind(error: unknown): FaultKind {
  const { name = "", code = "", $fault, $metadata, $response } = error as ClientError;
  const reasons = cancellationReasons(error);
  if (reasons !== undefined) {
    return reasons.some((reason) => REFUSAL_REASONS.has(reason.Code ?? "")) ? "refused" : "fault";
  }
  if (isRefusal(error) || name === UNMODELLED_REFUSAL || NEVER_SENT.has(code)) return "refused";
  const status = $metadata?.httpStatusCode ?? $response?.statusCode;
  // An error with a status that is none of DynamoDB's own errors is an answer that broke off. After a success
  // the request was carried out, or may have been; of a refusal it cannot be read which it was.
  if (status !== undefined)
    return $fault !== undefined && status >= 400 && status < 500 ? "fault" : "unanswered";
  // Errors of sockets have a code, and the client's own timeouts a name; anything else did not come from the
  // network.
  return code === "" && name !== "TimeoutError" ? "fault" : "unanswered";
}

/**
 * Runs a read of the database: what more patience might have answered becomes a {@link
 * StoreUnavailableError}, anything else is thrown as it came. A read changes nothing, so its effect is always
 * `none`.
 */
export async function reading<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (faultKind(error) === "fault") throw error;
    throw new StoreUnavailableError("DynamoDB did not answer a read", { effect: "none", cause: error });
  }
}
