import { besideInRounds, spreadOf, type Spread } from "../support/statistics.ts";
import type { BulkRun } from "./bulk-logout.ts";
import { BASELINE, type ContenderFacts } from "./contender.ts";
import type { Counts } from "./count-calls.ts";
import type { Block, LoadedBlock } from "./rounds.ts";

/** What one run says, raw enough to draw everything anew. */
export interface SpeedResults {
  /** ISO 8601. */
  readonly date: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly processors: { readonly model: string; readonly count: number };
  /** Whether it was ended before its time. */
  readonly endedEarly: boolean;
  readonly contenders: readonly ContenderFacts[];
  readonly counts: readonly Counts[];
  readonly blocks: readonly Block[];
  readonly atOnce: number;
  readonly loadedBlocks: readonly LoadedBlock[];
  readonly bulkRuns: readonly BulkRun[];
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

/** Of calls many at once: each by the baseline's of the same round, and in microseconds. */
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

/** The contenders that were measured at least once beside the baseline. */
export function summarize({ contenders, blocks, counts }: SpeedResults): ContenderSummary[] {
  const byOther = ({ p50: own }: Block, { p50: other }: Block): number => own / other;
  return contenders.flatMap((facts) => {
    const own = blocks.filter(({ id }) => id === facts.id);
    const ratio = besideInRounds(own, blocks, [BASELINE], byOther);
    if (ratio === undefined) return [];
    const around = facts.around === undefined ? undefined : [facts.around, BASELINE];
    return {
      ...facts,
      p50: spreadOf(own.map(({ p50 }) => p50)),
      ratio,
      besideRatio:
        facts.beside === undefined ? undefined : besideInRounds(own, blocks, [facts.beside], byOther),
      ownRatio:
        around &&
        besideInRounds(
          own,
          blocks,
          around,
          (block, other, baseline) => (block.p50 - other.p50) / baseline.p50,
        ),
      counts: counts.find(({ id }) => id === facts.id),
    };
  });
}

export function summarizeLoaded({ contenders, loadedBlocks }: SpeedResults): LoadedSummary[] {
  return contenders.flatMap((facts) => {
    const own = loadedBlocks.filter(({ id }) => id === facts.id);
    const ratioOf = (value: (block: LoadedBlock) => number): Spread | undefined =>
      besideInRounds(own, loadedBlocks, [BASELINE], (block, other) => value(block) / value(other));
    const [elapsedRatio, cpuRatio] = [ratioOf(({ elapsed }) => elapsed), ratioOf(({ cpu }) => cpu)];
    if (elapsedRatio === undefined || cpuRatio === undefined) return [];
    const [elapsed, cpu] = [
      spreadOf(own.map((block) => block.elapsed)),
      spreadOf(own.map((block) => block.cpu)),
    ];
    return { ...facts, elapsed, elapsedRatio, cpu, cpuRatio };
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
    heapAbove: over(({ store, bare }) => store.peakHeapBytes - bare.peakHeapBytes),
  };
}
