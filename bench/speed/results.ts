import type { ContenderFacts } from "./contender.ts";
import type { Counts } from "./count-calls.ts";

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

/** Who logs out everybody: the store, or a bare `BatchWriteItem` of the same writes. */
export const BULK_WAYS = ["store", "bare"] as const;
export type BulkWay = (typeof BULK_WAYS)[number];

/** One logout of everybody, in a process of its own. */
export interface BulkRun {
  readonly way: BulkWay;
  readonly round: number;
  readonly users: number;
  readonly milliseconds: number;
  readonly cpuMilliseconds: number;
  /** The largest heap in use that was seen, and what was in use before, both in bytes. */
  readonly heapBefore: number;
  readonly heapPeak: number;
  /** The most memory that the process had resident, by the kernel's own account, in bytes. */
  readonly residentPeak: number;
}

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
