import { median } from "../support/statistics.ts";
import { grouped, requestsText, tableOf, times, type Column } from "../support/tables.ts";
import type { ScanMeasurement } from "./filling.ts";
import type { OperationCounts, RevokeMeasurement, RoundTime } from "./measure.ts";
import { OPERATIONS } from "./operations.ts";

/** All that one run measured. */
export interface GrowthResults {
  readonly machine: string;
  readonly fillRates: {
    readonly table: string;
    readonly sessions: number;
    readonly seconds: number;
    /** What the database held then, in bytes of its process. */
    readonly databaseRssBytes?: number;
  }[];
  /** The labels of the tables, the first being what the others are compared with. */
  readonly tables: readonly string[];
  readonly counts: OperationCounts[];
  readonly rounds: (readonly RoundTime[])[];
  readonly scans: ScanMeasurement[];
  readonly revokes: RevokeMeasurement[];
}

/** The tables of a run as Markdown; what was not measured is left out. */
export function reportOf(results: GrowthResults): string {
  const { rounds, counts, revokes } = results;
  const parts = [
    rounds.length > 0 ? timesTable(results) : "",
    counts.length > 0 ? countsTable(results) : "",
    revokes.length > 0 ? tableOf(revokes, REVOKE_COLUMNS) : "",
    results.scans.map(scanText).join("\n"),
    fillText(results),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

/**
 * The medians on the first table, and how much longer each other table takes: the median of the rounds' own
 * ratios.
 */
export function timesTable({ tables, rounds }: Pick<GrowthResults, "tables" | "rounds">): string {
  const [first = "", ...others] = tables;
  const inRound = (round: readonly RoundTime[], operation: string, table: string): number =>
    round.find((time) => time.operation === operation && time.table === table)?.ms ?? NaN;
  const medianOf = (value: (round: readonly RoundTime[]) => number): number =>
    median(rounds.map(value).filter((ms) => !Number.isNaN(ms)));
  const measured = new Set(rounds.flat().map(({ operation }) => operation));
  const operations = OPERATIONS.map(({ name }) => name).filter((name) => measured.has(name));
  return tableOf(operations, [
    ["store call", (operation) => operation],
    [
      `p50 ms at ${first} sessions`,
      (operation) => medianOf((round) => inRound(round, operation, first)).toFixed(2),
    ],
    ...others.map((table): Column<string> => [
      `at ${table}`,
      (operation) =>
        times(medianOf((round) => inRound(round, operation, table) / inRound(round, operation, first))),
    ]),
  ]);
}

/** What each operation asks of the database: a row for all sizes where it is the same, else one for each. */
export function countsTable({ counts }: Pick<GrowthResults, "counts">): string {
  const rows = [...Map.groupBy(counts, ({ operation }) => operation).values()].flatMap((all) => {
    const alike = [...Map.groupBy(all, (each) => JSON.stringify({ ...each, table: "" })).values()];
    return alike.flatMap(([one, ...more]) => {
      const sizes = [one, ...more].map((each) => each?.table).join(", ");
      return one === undefined ? [] : [{ ...one, sizes: alike.length === 1 ? "every" : sizes }];
    });
  });
  return tableOf(rows, [
    ["store call", ({ operation }) => operation],
    ["at size", ({ sizes }) => sizes],
    ["round trips", ({ roundTrips }) => String(roundTrips)],
    ["requests", ({ requests }) => requestsText(requests)],
    ["read units", ({ units }) => String(units.reads)],
    ["write units", ({ units }) => String(units.writes)],
  ]);
}

const MIB = 1024 * 1024;
const mib = (bytes: number): string => (Math.max(0, bytes) / MIB).toFixed(1);

const REVOKE_COLUMNS: readonly Column<RevokeMeasurement>[] = [
  ["users revoked", ({ users }) => grouped(users)],
  ["calls", ({ calls }) => grouped(calls)],
  ["seconds", ({ ms }) => (ms / 1000).toFixed(2)],
  ["users a second", ({ users, ms }) => grouped(Math.round(users / (ms / 1000)))],
  ["requests", ({ requests }) => requestsText(requests)],
  ["peak heap over baseline, MiB", ({ peakHeapBytes }) => mib(peakHeapBytes)],
  ["peak resident over baseline, MiB", ({ peakRssBytes }) => mib(peakRssBytes)],
  ["heap left after, MiB", ({ heapLeftBytes }) => mib(heapLeftBytes)],
];

const scanText = ({ sessions, requests, readUnits, ms }: ScanMeasurement): string =>
  `A store without an index of users scans ${grouped(sessions)} sessions to log one user out: ` +
  `${requests} requests, ${grouped(readUnits)} read units (eventual), ${(ms / 1000).toFixed(2)} s.`;

const fillText = ({ fillRates, machine }: GrowthResults): string =>
  [
    `${machine}.`,
    ...fillRates.map(({ table, sessions, seconds, databaseRssBytes: held }) => {
      const memory = held === undefined ? "" : `; the database then held ${mib(held)} MiB`;
      return `Filled ${table} (${grouped(sessions)} sessions) in ${seconds.toFixed(0)} s${memory}.`;
    }),
  ].join("\n");
