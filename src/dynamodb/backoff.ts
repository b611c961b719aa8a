import { setTimeout as sleep } from "node:timers/promises";
import { LEAST_TRY_MS, timeLeft } from "./time-left.ts";

/** Waits some milliseconds; `node:timers/promises` but in tests. */
export type Sleep = (milliseconds: number) => Promise<unknown>;

/** A number from 0 up to 1, for jitter only: nothing secret depends on it. */
export type Jitter = () => number;

/** Milliseconds on a clock that never goes back, for measuring patience; not the time of day. */
export type Stopwatch = () => number;

export interface BackoffOptions {
  /** The longest first wait; each later one may be twice as long. */
  readonly firstMs: number;
  readonly longestMs: number;
  /** After this much time no further wait is granted. */
  readonly patienceMs: number;
}

export interface BackoffDependencies {
  readonly sleep: Sleep;
  readonly jitter: Jitter;
  readonly stopwatch: Stopwatch;
}

/** Real waiting, by chance and by the clock. */
export const REAL_WAITING: BackoffDependencies = {
  sleep,
  jitter: Math.random,
  stopwatch: () => performance.now(),
};

/**
 * Exponential backoff with full jitter, bounded by time: many functions that meet over one item spread out,
 * and nobody waits longer than a function may run. Waits grow from the time the last try took where that is
 * more than `firstMs`: waiting much less than a try takes would only make the tries meet again.
 */
export class Backoff {
  readonly #dependencies: BackoffDependencies;
  readonly #options: BackoffOptions;
  readonly #startedAt: number;
  #triedAt: number;
  #waits = 0;

  constructor(dependencies: BackoffDependencies, options: BackoffOptions) {
    this.#dependencies = dependencies;
    this.#options = options;
    this.#startedAt = dependencies.stopwatch();
    this.#triedAt = this.#startedAt;
  }

  /**
   * Waits, or answers `"out-of-patience"` at once where the time is used up, or the call at hand would have
   * none left after the wait.
   */
  async wait(): Promise<"waited" | "out-of-patience"> {
    const { sleep, jitter, stopwatch } = this.#dependencies;
    const { firstMs, longestMs, patienceMs } = this.#options;
    const now = stopwatch();
    if (now - this.#startedAt >= patienceMs) return "out-of-patience";
    const base = Math.max(firstMs, now - this.#triedAt);
    const wait = jitter() * Math.min(longestMs, base * 2 ** this.#waits++);
    if (wait + LEAST_TRY_MS >= timeLeft()) return "out-of-patience";
    await sleep(wait);
    this.#triedAt = stopwatch();
    return "waited";
  }
}
