import { quantile } from "../support/quantiles.ts";
import { shuffled } from "../support/shuffled.ts";
import type { Contender } from "./contender.ts";
import type { Block, LoadedBlock } from "./results.ts";

/** Fewer than this say nothing of a median. */
const FEWEST_CALLS = 5;
/**
 * Calls before a block, for each hundred measured ones: the contender before has left the caches as it liked
 * them.
 */
const WARM_UP_SHARE = 0.2;

export interface RoundOptions {
  readonly rounds: number;
  /** Calls of each contender in a round, but for its share. */
  readonly calls: number;
  /** Ends the measuring after the block that is under way. */
  readonly stop?: AbortSignal;
}

/** How many calls of a contender are measured in a block. */
export const callsOf = ({ share = 100 }: Pick<Contender, "share">, calls: number): number =>
  Math.max(FEWEST_CALLS, Math.round((calls * share) / 100));

/** Calls of each before the first round: compilers and connections are then as they are in all others. */
const CALLS_BEFORE = 50;

/** Measures the contenders one call after the other: in each round a block of each, in random order. */
export async function measureRounds(
  contenders: readonly Contender[],
  { rounds, calls, stop }: RoundOptions,
  report: (block: Block) => void,
): Promise<void> {
  for (const contender of contenders) {
    if (stop?.aborted !== true) await measureBlock(contender, callsOf(contender, CALLS_BEFORE));
  }
  for (let round = 0; round < rounds; round++) {
    for (const contender of shuffled(contenders)) {
      if (stop?.aborted === true) return;
      const measured = callsOf(contender, calls);
      const times = await measureBlock(contender, measured);
      const [p10, p50, p90] = [0.1, 0.5, 0.9].map((share) => quantile(times, share));
      report({ id: contender.id, round, calls: measured, p10: p10 ?? NaN, p50: p50 ?? NaN, p90: p90 ?? NaN });
    }
  }
}

async function measureBlock(contender: Contender, calls: number): Promise<number[]> {
  const warmUp = Math.ceil(calls * WARM_UP_SHARE);
  const call = await contender.prepare(warmUp + calls);
  for (let done = 0; done < warmUp; done++) await call();
  const times: number[] = [];
  for (let done = 0; done < calls; done++) {
    const startedAt = process.hrtime.bigint();
    await call();
    times.push(Number(process.hrtime.bigint() - startedAt) / 1000);
  }
  return times;
}

export interface LoadOptions extends RoundOptions {
  /** Calls under way at any time. */
  readonly atOnce: number;
}

/**
 * Measures the contenders many calls at once, each caller sending its next call when its last is answered.
 */
export async function measureLoad(
  contenders: readonly Contender[],
  { rounds, calls, atOnce, stop }: LoadOptions,
  report: (block: LoadedBlock) => void,
): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    for (const contender of shuffled(contenders)) {
      if (stop?.aborted === true) return;
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
}

async function callAtOnce(call: () => Promise<void>, calls: number, atOnce: number): Promise<void> {
  let begun = 0;
  const caller = async (): Promise<void> => {
    while (begun++ < calls) await call();
  };
  await Promise.all(Array.from({ length: atOnce }, caller));
}
