import { setImmediate as otherTasks, setTimeout as sleep } from "node:timers/promises";
import { checkEnded, checkLive, logInAs, MIX, type Mix, type OperationContext } from "./checked-calls.ts";
import type { KnownUser } from "./known-user.ts";
import type { LoadErrors } from "./load-errors.ts";
import { type NotedError } from "./load-errors.ts";
import { operate } from "./operations.ts";
import { Pause } from "./pause.ts";
import { seededRandom } from "./random.ts";
import type { StackChild } from "./stack-child.ts";
import type { Measurement } from "./stack-messages.ts";
import { Tally, type OperationSummary } from "./tally.ts";

export interface LoadOptions {
  readonly stack: Pick<StackChild, "url" | "measure">;
  readonly users: readonly KnownUser[];
  readonly admin: KnownUser;
  readonly minutes: number;
  readonly concurrency: number;
  readonly seed: string;
  readonly errors: LoadErrors;
  /** {@link MIX} unless given. */
  readonly mix?: Mix;
  /** The resident memory of the database in bytes, where it can be told. */
  readonly databaseRss: () => Promise<number | undefined>;
  readonly onProgress: (progress: Progress) => void;
  /** Ends the load early; what was found by then is still checked and reported. */
  readonly signal: AbortSignal;
}

export interface Progress {
  /** Seconds since the load began. */
  readonly seconds: number;
  readonly operations: number;
  readonly errors: number;
  readonly sample: Sample;
}

export interface Sample extends Measurement {
  /** Minutes from the start. */
  readonly at: number;
  readonly databaseRssBytes: number | undefined;
}

export interface LoadResult {
  readonly operations: readonly OperationSummary[];
  readonly samples: readonly Sample[];
  readonly errors: readonly NotedError[];
  /** Requests answered in the load itself, and the seconds it took without the pauses for measuring. */
  readonly requests: number;
  readonly seconds: number;
  /** At the end every known session was asked for once more. */
  readonly finalCheck: { readonly live: number; readonly ended: number };
}

/**
 * About so many measurements in a run, since each pauses the load for a moment; but a sign of life every few
 * seconds.
 */
const SAMPLES = 40;
const INTERVAL_MS = { shortest: 1500, longest: 6000 } as const;

/**
 * Holds the load: each client sends its next request when the last is answered (closed loop). Now and then
 * all pause, so that the stack is measured at rest. Ends with a check of every session that is known.
 */
export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const { errors, concurrency } = options;
  const tally = new Tally();
  const context = (client: string): OperationContext => ({
    url: options.stack.url,
    users: options.users,
    admin: options.admin,
    random: seededRandom(`${options.seed}/${client}`),
    errors,
    tally,
    mix: options.mix ?? MIX,
  });
  options.admin.begin();
  await logInAs(context("admin"), options.admin, true);

  const pause = new Pause();
  const beganAt = performance.now();
  const endsAt = beganAt + options.minutes * 60_000;
  const isOver = (): boolean => options.signal.aborted || performance.now() >= endsAt;
  const client = async (name: string): Promise<void> => {
    const mine = context(name);
    while (!isOver() && !options.users.every((user) => user.isGivenUp)) {
      await pause.work(() => operate(mine));
      // An operation that found no user sent nothing: without this turn, many in a row would hold up
      // everything else.
      await otherTasks();
    }
  };
  const [samples] = await Promise.all([
    sampleUntil(isOver, { ...options, pause, beganAt, tally }),
    ...Array.from({ length: concurrency }, (_, index) => client(`client-${index}`)),
  ]);
  const requests = tally.total;
  const seconds = (performance.now() - beganAt - pause.pausedMs) / 1000;
  const operations = tally.list();
  const finalCheck = await checkAll(context("final"), concurrency);
  return { operations, samples, errors: errors.list(), requests, seconds, finalCheck };
}

interface Sampling extends LoadOptions {
  readonly pause: Pause;
  readonly beganAt: number;
  readonly tally: Tally;
}

async function sampleUntil(isOver: () => boolean, sampling: Sampling): Promise<Sample[]> {
  const samples: Sample[] = [];
  const evenly = (sampling.minutes * 60_000) / SAMPLES;
  const intervalMs = Math.min(INTERVAL_MS.longest, Math.max(INTERVAL_MS.shortest, evenly));
  for (;;) {
    // An abort ends the wait, and the loop with it.
    await sleep(intervalMs, undefined, { signal: sampling.signal }).catch(() => undefined);
    const isLast = isOver();
    samples.push(await sampling.pause.during(() => sample(sampling)));
    const last = samples.at(-1);
    if (last !== undefined) {
      const { tally, errors, onProgress } = sampling;
      onProgress({ seconds: last.at * 60, operations: tally.total, errors: errors.total, sample: last });
    }
    if (isLast) return samples;
  }
}

async function sample({ stack, databaseRss, beganAt }: Sampling): Promise<Sample> {
  const at = (performance.now() - beganAt) / 60_000;
  const [measurement, databaseRssBytes] = await Promise.all([stack.measure(), databaseRss()]);
  return { ...measurement, at, databaseRssBytes };
}

/**
 * Asks for every session that should live and every one remembered as ended: none lost, no ghost, whichever
 * the load happened to ask.
 */
async function checkAll(context: OperationContext, concurrency: number): Promise<LoadResult["finalCheck"]> {
  const users = [context.admin, ...context.users].filter((user) => !user.isGivenUp);
  const live = users.flatMap((user) => user.live.map((session) => () => checkLive(context, user, session)));
  const ended = users.flatMap((user) =>
    user.ended.map((session) => () => checkEnded(context, user, session)),
  );
  const remaining = [...live, ...ended].values();
  const worker = async (): Promise<void> => {
    for (const check of remaining) await check();
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return { live: live.length, ended: ended.length };
}
