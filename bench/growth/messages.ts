import type { Units } from "../support/units.ts";
import type { GrowthTable } from "./tables.ts";

/** What the measuring processes are asked for and tell. Times are milliseconds, memory is bytes. */

export interface FillTask {
  readonly table: GrowthTable;
  readonly rosters: "all" | "measured";
  readonly from: number;
}
export interface FillMessage {
  readonly filledTo: number;
}

export interface MeasureTask {
  readonly tables: readonly GrowthTable[];
  readonly rounds: number;
}
/** The requests of one operation at one size. */
export interface OperationCounts {
  readonly operation: string;
  readonly table: string;
  readonly requests: Readonly<Record<string, number>>;
  /** Requests one after the other; those under way at once count once. */
  readonly roundTrips: number;
  readonly units: Units;
}
/** The median time of one operation on one table in one round. */
export interface RoundTime {
  readonly operation: string;
  readonly table: string;
  readonly ms: number;
}
export type MeasureMessage =
  | { readonly type: "counts"; readonly counts: OperationCounts }
  | { readonly type: "round"; readonly times: readonly RoundTime[] };

export interface RevokeTask {
  readonly tableName: string;
  readonly first: number;
  readonly users: number;
  /** Users in one call. */
  readonly chunk: number;
}
export interface RevokeMeasurement {
  readonly users: number;
  readonly calls: number;
  readonly ms: number;
  readonly requests: Readonly<Record<string, number>>;
  /**
   * Over the baseline: the highest seen in any call, its garbage included, and what is left after the last.
   * Garbage is collected between the calls, which `ms` leaves out.
   */
  readonly peakHeapBytes: number;
  readonly peakRssBytes: number;
  readonly heapLeftBytes: number;
}

export interface ScanTask {
  readonly sessions: number;
}
export type ScanMessage =
  | { readonly type: "filled"; readonly sessions: number }
  | { readonly type: "scanned"; readonly scan: ScanMeasurement };
export interface ScanMeasurement {
  readonly sessions: number;
  readonly requests: number;
  readonly readUnits: number;
  readonly ms: number;
}
