import { interleaved, quantile } from "../support/statistics.ts";
import type { Measured, OneCall } from "./contender.ts";

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
    await measureBlock(contender, callsOf(contender, CALLS_BEFORE));
  }
  for (const { thing: contender, round } of interleaved(contenders, rounds, stop)) {
    const measured = callsOf(contender, calls);
    const times = await measureBlock(contender, measured);
    const [p10, p50, p90] = [quantile(times, 0.1), quantile(times, 0.5), quantile(times, 0.9)];
    report({ id: contender.id, round, calls: measured, p10, p50, p90 });
  }
}

async function measureBlock(contender: Measured, calls: number): Promise<number[]> {
  const warmUp = Math.ceil(calls * WARM_UP_SHARE);
  const call = await contender.prepare(warmUp + calls);
  for (let done = 0; done < warmUp; done++) await call();
  const times: number[] = [];
  for (let done = 0; done < calls; done++) {
    const startedAt = process.hrtime.bigint();
    await call();
    times.push(Number(process.hrtime.bigint() - startedAt) / 1000);
  }
  await contender.clear?.();
  return times;
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
    const warmUp = Math.ceil(calls * WARM_UP_SHARE);
    const call = await contender.prepare(warmUp + calls);
    await callAtOnce(call, warmUp, atOnce);
    const cpuBefore = process.cpuUsage();
    const startedAt = performance.now();
    await callAtOnce(call, calls, atOnce);
    const elapsed = ((performance.now() - startedAt) * 1000) / calls;
    const { user, system } = process.cpuUsage(cpuBefore);
    report({ id: contender.id, round, calls, elapsed, cpu: (user + system) / calls });
  }
}

async function callAtOnce(call: OneCall, calls: number, atOnce: number): Promise<void> {
  let begun = 0;
  const caller = async (): Promise<void> => {
    while (begun++ < calls) await call();
  };
  await Promise.all(Array.from({ length: atOnce }, caller));
}
