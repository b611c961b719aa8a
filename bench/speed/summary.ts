import { median, quantile } from "../support/quantiles.ts";
import { BASELINE, type ContenderFacts } from "./contender.ts";
import type { Counts } from "./count-calls.ts";
import type { Block, BulkRun, LoadedBlock, SpeedResults } from "./results.ts";

/** The median of something over the rounds, and what a tenth of the rounds lie below and above. */
export interface Spread {
  readonly low: number;
  readonly median: number;
  readonly high: number;
  /** How many rounds there were. */
  readonly rounds: number;
}

/** What is said of a contender's sequential calls. */
export interface ContenderSummary extends ContenderFacts {
  /** The p50 of its blocks, in microseconds. */
  readonly p50: Spread;
  /** Its p50 by the baseline's of the same round. */
  readonly ratio: Spread;
  /** Its p50 by that of the contender beside it, of the same round. */
  readonly besideRatio: Spread | undefined;
  /** What it takes longer than what is around it, by the baseline of the same round. */
  readonly ownRatio: Spread | undefined;
  readonly counts: Counts | undefined;
}

/**
 * What is said of a contender's calls many at once: each by the baseline's of the same round, and in
 * microseconds.
 */
export interface LoadedSummary extends ContenderFacts {
  readonly elapsed: Spread;
  readonly elapsedRatio: Spread;
  readonly cpu: Spread;
  readonly cpuRatio: Spread;
}

/** What is said of logging out everybody, by the store beside the bare writes. */
export interface BulkSummary {
  readonly users: number;
  readonly storeMilliseconds: Spread;
  readonly bareMilliseconds: Spread;
  readonly ratio: Spread;
  readonly cpuRatio: Spread;
  /** Bytes that the store's process had resident at most, above the other's; and likewise of its heap. */
  readonly residentAbove: Spread;
  readonly heapAbove: Spread;
}

export function spreadOf(values: readonly number[]): Spread {
  return {
    low: quantile(values, 0.1),
    median: median(values),
    high: quantile(values, 0.9),
    rounds: values.length,
  };
}

/** The contenders that were measured at least once beside the baseline. */
export function summarize({ contenders, blocks, counts }: SpeedResults): ContenderSummary[] {
  const p50 = ({ p50: value }: Block): number => value;
  return contenders.flatMap((facts) => {
    const own = blocks.filter(({ id }) => id === facts.id);
    const ratios = ratiosTo(own, blocks, BASELINE, p50);
    if (ratios.length === 0) return [];
    const around = facts.around === undefined ? [] : differencesTo(own, blocks, facts.around);
    const beside = facts.beside === undefined ? [] : ratiosTo(own, blocks, facts.beside, p50);
    return {
      ...facts,
      p50: spreadOf(own.map(p50)),
      ratio: spreadOf(ratios),
      besideRatio: beside.length === 0 ? undefined : spreadOf(beside),
      ownRatio: around.length === 0 ? undefined : spreadOf(around),
      counts: counts.find(({ id }) => id === facts.id),
    };
  });
}

export function summarizeLoaded({ contenders, loadedBlocks }: SpeedResults): LoadedSummary[] {
  const elapsed = ({ elapsed: value }: LoadedBlock): number => value;
  const cpu = ({ cpu: value }: LoadedBlock): number => value;
  return contenders.flatMap((facts) => {
    const own = loadedBlocks.filter(({ id }) => id === facts.id);
    const elapsedRatios = ratiosTo(own, loadedBlocks, BASELINE, elapsed);
    if (elapsedRatios.length === 0) return [];
    return {
      ...facts,
      elapsed: spreadOf(own.map(elapsed)),
      elapsedRatio: spreadOf(elapsedRatios),
      cpu: spreadOf(own.map(cpu)),
      cpuRatio: spreadOf(ratiosTo(own, loadedBlocks, BASELINE, cpu)),
    };
  });
}

/** `undefined` where no round was measured both ways. */
export function summarizeBulk({ bulkRuns }: SpeedResults): BulkSummary | undefined {
  const pairs = bulkRuns
    .filter(({ way }) => way === "store")
    .flatMap((store) => {
      const bare = bulkRuns.find(({ way, round }) => way === "bare" && round === store.round);
      return bare === undefined ? [] : [{ store, bare }];
    });
  const users = pairs[0]?.store.users;
  if (users === undefined) return undefined;
  const over = (value: (pair: { store: BulkRun; bare: BulkRun }) => number): Spread =>
    spreadOf(pairs.map(value));
  return {
    users,
    storeMilliseconds: over(({ store }) => store.milliseconds),
    bareMilliseconds: over(({ bare }) => bare.milliseconds),
    ratio: over(({ store, bare }) => store.milliseconds / bare.milliseconds),
    cpuRatio: over(({ store, bare }) => store.cpuMilliseconds / bare.cpuMilliseconds),
    residentAbove: over(({ store, bare }) => store.residentPeak - bare.residentPeak),
    heapAbove: over(({ store, bare }) => store.heapPeak - bare.heapPeak),
  };
}

/** How much longer a contender takes than another, by the baseline, each of the same round. */
function differencesTo(own: readonly Block[], all: readonly Block[], otherId: string): number[] {
  return own.flatMap(({ round, p50 }) => {
    const [other, baseline] = [otherId, BASELINE].map((wanted) =>
      all.find((each) => each.id === wanted && each.round === round),
    );
    return other === undefined || baseline === undefined ? [] : [(p50 - other.p50) / baseline.p50];
  });
}

interface InRound {
  readonly id: string;
  readonly round: number;
}

/**
 * A contender's value by another's of the same round, for the rounds that have both: what slows a round slows
 * both.
 */
function ratiosTo<T extends InRound>(
  own: readonly T[],
  all: readonly T[],
  otherId: string,
  value: (block: T) => number,
): number[] {
  return own.flatMap((block) => {
    const other = all.find(({ id, round }) => id === otherId && round === block.round);
    return other === undefined ? [] : [value(block) / value(other)];
  });
}
