import type { Counts } from "../support/count-calls.ts";
import type { Block, LoadedBlock } from "../support/rounds.ts";
import { besideInRounds, spreadOf, type Spread } from "../support/statistics.ts";
import type { BulkRun } from "./bulk-logout.ts";
import { BASELINE, type ContenderFacts } from "./contender.ts";

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

/** The contenders that were measured at least once beside the baseline. */
export function summarize({ contenders, blocks, counts }: SpeedResults): ContenderSummary[] {
  const byOther = ({ p50: own }: Block, { p50: other }: Block): number => own / other;
  return contenders.flatMap((facts) => {
    const { id, beside, around } = facts;
    const ratio = besideInRounds(id, [BASELINE], blocks, byOther);
    if (ratio === undefined) return [];
    const p50 = spreadOf(blocks.filter((block) => block.id === id).map((block) => block.p50));
    const besideRatio = beside === undefined ? undefined : besideInRounds(id, [beside], blocks, byOther);
    const longer = (own: Block, other: Block, baseline: Block): number =>
      (own.p50 - other.p50) / baseline.p50;
    const ownRatio =
      around === undefined ? undefined : besideInRounds(id, [around, BASELINE], blocks, longer);
    return { ...facts, p50, ratio, besideRatio, ownRatio, counts: counts.find((each) => each.id === id) };
  });
}

/** Of calls many at once: each by the baseline's of the same round, and in microseconds. */
export function summarizeLoaded({ contenders, loadedBlocks }: SpeedResults) {
  return contenders.flatMap((facts) => {
    const over = (name: "elapsed" | "cpu") =>
      besideInRounds(facts.id, [BASELINE], loadedBlocks, (own, other) => own[name] / other[name]);
    const [elapsedRatio, cpuRatio] = [over("elapsed"), over("cpu")];
    if (elapsedRatio === undefined || cpuRatio === undefined) return [];
    const own = loadedBlocks.filter(({ id }) => id === facts.id);
    const [elapsed, cpu] = [spreadOf(own.map((each) => each.elapsed)), spreadOf(own.map((each) => each.cpu))];
    return [{ ...facts, elapsed, elapsedRatio, cpu, cpuRatio }];
  });
}
export type LoadedSummary = ReturnType<typeof summarizeLoaded>[number];

/**
 * Of logging out everybody, by the store beside the bare writes; `undefined` where no round was measured both
 * ways.
 */
export function summarizeBulk({ bulkRuns }: SpeedResults) {
  const runs = bulkRuns.map((run) => ({ ...run, id: run.way }));
  const beside = (value: (store: BulkRun, bare: BulkRun) => number): Spread =>
    besideInRounds("store", ["bare"], runs, value) ?? spreadOf([]);
  const ratio = beside((store, bare) => store.milliseconds / bare.milliseconds);
  const [first] = bulkRuns;
  if (first === undefined || ratio.rounds === 0) return undefined;
  return {
    users: first.users,
    ratio,
    storeMilliseconds: beside((store) => store.milliseconds),
    bareMilliseconds: beside((_, bare) => bare.milliseconds),
    cpuRatio: beside((store, bare) => store.cpuMilliseconds / bare.cpuMilliseconds),
    /** Bytes that the store's process had resident at most, above the other's; and likewise of its heap. */
    residentAbove: beside((store, bare) => store.residentPeak - bare.residentPeak),
    heapAbove: beside((store, bare) => store.peakHeapBytes - bare.peakHeapBytes),
  };
}
