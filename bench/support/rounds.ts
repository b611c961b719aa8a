import { interleaved, quantile } from "./statistics.ts";

/** Does the work once. Throws where the answer is not what it has to be: a fast wrong answer is none. */
export type OneCall = () => Promise<unknown>;

/** Something whose calls are measured. */
export interface Measured {
  readonly id: string;
  /** Calls of a block for each hundred of the others, for calls that do much at once; 100 unless given. */
  readonly share?: number;
  /** Makes what so many calls need, which is not measured. The call it gives is made at most that often. */
  prepare(calls: number): Promise<OneCall> | OneCall;
  /** Undoes what the calls left, where that would be in the way of others; not measured. */
  clear?(): Promise<void>;
}

/** One block of sequential calls; microseconds a call. */
export interface Block {
  readonly id: string;
  readonly round: number;
  readonly calls: number;
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
}

/** One block of calls many at once; microseconds a call. */
export interface LoadedBlock {
  readonly id: string;
  readonly round: number;
  readonly calls: number;
  readonly elapsed: number;
  /** The time of this process on all processors; the database's is not in it. */
  readonly cpu: number;
}

export interface RoundOptions {
  readonly rounds: number;
  /** Calls of each contender in a round, but for its share. */
  readonly calls: number;
  /** Ends the measuring after the block that is under way. */
  readonly stop?: AbortSignal;
}

/** Fewer than this say nothing of a median. */
const FEWEST_CALLS = 5;
/** Calls before a block, of those measured: the contender before has left the caches as it liked them. */
const WARM_UP_SHARE = 0.2;
/** Calls of each before the first round: compilers and connections are then as they are in all others. */
const CALLS_BEFORE = 50;

/** How many calls of a contender are measured in a block. */
export const callsOf = ({ share = 100 }: Pick<Measured, "share">, calls: number): number =>
  Math.max(FEWEST_CALLS, Math.round((calls * share) / 100));

/** Measures the contenders one call after the other: in each round a block of each, in random order. */
export async function measureRounds(
  contenders: readonly Measured[],
  { rounds, calls, stop }: RoundOptions,
  report: (block: Block) => void,
): Promise<void> {
  for (const { thing: contender } of interleaved(contenders, 1, stop)) {
    await inBlock(contender, callsOf(contender, CALLS_BEFORE), 1, timesOf);
  }
  for (const { thing: contender, round } of interleaved(contenders, rounds, stop)) {
    const measured = callsOf(contender, calls);
    const times = await inBlock(contender, measured, 1, timesOf);
    const [p10, p50, p90] = [quantile(times, 0.1), quantile(times, 0.5), quantile(times, 0.9)];
    report({ id: contender.id, round, calls: measured, p10, p50, p90 });
  }
}

/**
 * Measures the contenders many calls at once, each caller sending its next call when its last is answered.
 */
export async function measureLoad(
  contenders: readonly Measured[],
  { rounds, calls, atOnce, stop }: RoundOptions & { readonly atOnce: number },
  report: (block: LoadedBlock) => void,
): Promise<void> {
  for (const { thing: contender, round } of interleaved(contenders, rounds, stop)) {
    const used = await inBlock(contender, calls, atOnce, async (call) => {
      const cpuBefore = process.cpuUsage();
      const startedAt = performance.now();
      await callAtOnce(call, calls, atOnce);
      const elapsed = ((performance.now() - startedAt) * 1000) / calls;
      const { user, system } = process.cpuUsage(cpuBefore);
      return { elapsed, cpu: (user + system) / calls };
    });
    report({ id: contender.id, round, calls, ...used });
  }
}

/** Prepares a block, warms up, measures it and clears up. */
async function inBlock<Result>(
  contender: Measured,
  calls: number,
  atOnce: number,
  measure: (call: OneCall, calls: number) => Promise<Result>,
): Promise<Result> {
  const warmUp = Math.ceil(calls * WARM_UP_SHARE);
  const call = await contender.prepare(warmUp + calls);
  await callAtOnce(call, warmUp, atOnce);
  const result = await measure(call, calls);
  await contender.clear?.();
  return result;
}

/** How long each of so many calls takes, in microseconds. */
export async function timesOf(call: OneCall, calls: number): Promise<number[]> {
  const times: number[] = [];
  for (let done = 0; done < calls; done++) {
    const startedAt = process.hrtime.bigint();
    await call();
    times.push(Number(process.hrtime.bigint() - startedAt) / 1000);
  }
  return times;
}

async function callAtOnce(call: OneCall, calls: number, atOnce: number): Promise<void> {
  let begun = 0;
  const caller = async (): Promise<void> => {
    while (begun++ < calls) await call();
  };
  await Promise.all(Array.from({ length: atOnce }, caller));
}

/** Hands out things one after the other; a call must not find what an earlier one used up. */
export function oneByOne<T>(things: readonly T[]): () => T {
  const remaining = things.values();
  return () => {
    const next = remaining.next();
    if (next.done === true) throw new Error(`only ${things.length} calls were prepared`);
    return next.value;
  };
}

/** A contender's `prepare` whose calls take one thing each of those that are made for them. */
export const eachOf =
  <T>(make: (count: number) => Promise<readonly T[]> | readonly T[], call: (thing: T) => Promise<unknown>) =>
  async (calls: number): Promise<OneCall> => {
    const next = oneByOne(await make(calls));
    return () => call(next());
  };

/** @throws Error naming both where they are not the same. */
export function expect(seen: unknown, expected: unknown): void {
  if (seen !== expected) throw new Error(`the answer is ${String(seen)}, not ${String(expected)}`);
}
