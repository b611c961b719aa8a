import type { OperationCounts, RevokeMeasurement, RoundTime, ScanMeasurement } from "./messages.ts";

/** All that one run measured. */
export interface GrowthResults {
  readonly machine: string;
  readonly fillRates: FillRate[];
  /** The labels of the tables, the first being what the others are compared with. */
  readonly tables: readonly string[];
  readonly counts: OperationCounts[];
  readonly rounds: (readonly RoundTime[])[];
  readonly scans: ScanMeasurement[];
  readonly revokes: RevokeMeasurement[];
}

export interface FillRate {
  readonly table: string;
  readonly sessions: number;
  readonly seconds: number;
  /** What the database held then, in bytes of its process. */
  readonly databaseRssBytes?: number;
}
