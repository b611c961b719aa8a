import { AsyncLocalStorage } from "node:async_hooks";

/**
 * How long the call at hand has: what waits deep inside an operation must end before the platform ends the
 * function, which would leave the caller without an answer and the log without a line. It is the one thing
 * here that is not handed down as an argument: it belongs to a call, while stores, directories and clients
 * are made once for all calls.
 */
const calls = new AsyncLocalStorage<() => number>();

/** For the answer and the last log lines of a call. */
const ANSWER_MS = 500;

/**
 * What a try needs: one with less would hardly get its answer, and then nobody knew whether it had taken
 * effect (DynamoDB's answers take single-digit milliseconds).
 */
export const LEAST_TRY_MS = 100;

/** Runs a call that ends, whatever it does, in so many milliseconds. */
export function withinTime<T>(remainingMs: () => number, call: () => T): T {
  return calls.run(remainingMs, call);
}

/**
 * Milliseconds for which the call at hand may go on trying; `Infinity` where no call is bounded. May be
 * negative.
 */
export function timeLeft(): number {
  const remainingMs = calls.getStore();
  return remainingMs === undefined ? Infinity : remainingMs() - ANSWER_MS;
}

/**
 * Runs a part of a call that goes on trying for so many milliseconds at most, and no longer than the call
 * may.
 * @param stopwatch milliseconds on a clock that never goes back.
 */
export function withinAtMost<T>(
  milliseconds: number,
  call: () => T,
  stopwatch: () => number = () => performance.now(),
): T {
  const remainingMs = calls.getStore();
  const until = stopwatch() + milliseconds + ANSWER_MS;
  return calls.run(() => Math.min(remainingMs?.() ?? Infinity, until - stopwatch()), call);
}

/** A request that was not sent, for no time was left to wait for its answer. */
export class NoTimeLeftError extends Error {
  override readonly name = "NoTimeLeftError";
}
