import { markdownTable } from "../support/markdown-table.ts";
import { median } from "../support/quantiles.ts";
import type { OperationCounts } from "./messages.ts";
import { OPERATIONS } from "./operations.ts";
import type { GrowthResults } from "./results.ts";

/** The tables of a run as Markdown; what was not measured is left out. */
export function reportOf(results: GrowthResults): string {
  const parts = [
    results.rounds.length > 0 ? timesTable(results) : "",
    results.counts.length > 0 ? countsTable(results) : "",
    results.revokes.length > 0 ? revokesTable(results) : "",
    scanText(results),
    fillText(results),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

/** The operations that were measured, in their own order. */
function operationsOf({ rounds }: Pick<GrowthResults, "rounds">): string[] {
  const measured = new Set(rounds.flat().map(({ operation }) => operation));
  return OPERATIONS.map(({ name }) => name).filter((name) => measured.has(name));
}

/**
 * The medians on the first table, and how much longer each other table takes: the median of the rounds' own
 * ratios.
 */
export function timesTable(results: Pick<GrowthResults, "tables" | "rounds">): string {
  const [first = "", ...others] = results.tables;
  const rows = operationsOf(results).map((operation) => [
    operation,
    median(timesOf(results, operation, first)).toFixed(2),
    ...others.map((table) => factor(median(ratios(results, operation, table, first)))),
  ]);
  return markdownTable(
    ["store call", `p50 ms at ${first} sessions`, ...others.map((table) => `at ${table}`)],
    rows,
  );
}

const factor = (ratio: number): string => `${ratio.toFixed(2)}x`;

/** Of the rounds that have both. */
function ratios(
  { rounds }: Pick<GrowthResults, "rounds">,
  operation: string,
  table: string,
  base: string,
): number[] {
  return rounds.flatMap((times) => {
    const of = (label: string): number | undefined =>
      times.find((time) => time.operation === operation && time.table === label)?.ms;
    const [one, other] = [of(table), of(base)];
    return one === undefined || other === undefined ? [] : [one / other];
  });
}

const timesOf = ({ rounds }: Pick<GrowthResults, "rounds">, operation: string, table: string): number[] =>
  rounds.flat().flatMap((time) => (time.operation === operation && time.table === table ? [time.ms] : []));

/**
 * What each operation asks of the database: one row where it is the same at every size, else one for each.
 */
export function countsTable({ counts }: Pick<GrowthResults, "counts">): string {
  const rows = [...Map.groupBy(counts, ({ operation }) => operation)].flatMap(([operation, all]) => {
    const groups = [...Map.groupBy(all, (each) => JSON.stringify(cellsOf(each)))];
    return groups.map(([, same]) => {
      const [one] = same;
      const sizes = groups.length === 1 ? "every" : same.map(({ table }) => table).join(", ");
      return one === undefined ? [] : [operation, sizes, ...cellsOf(one)];
    });
  });
  return markdownTable(
    ["store call", "at size", "round trips", "requests", "read units", "write units"],
    rows,
  );
}

const cellsOf = ({ requests, roundTrips, units }: OperationCounts): string[] => [
  String(roundTrips),
  requestsText(requests),
  String(units.reads),
  String(units.writes),
];

/** `GetItem, 2 BatchWriteItem` */
export const requestsText = (requests: Readonly<Record<string, number>>): string =>
  Object.entries(requests)
    .map(([name, count]) => (count === 1 ? name : `${count.toLocaleString("en")} ${name}`))
    .join(", ");

const MIB = 1024 * 1024;
const mib = (bytes: number): string => (Math.max(0, bytes) / MIB).toFixed(1);

function revokesTable({ revokes }: GrowthResults): string {
  const rows = revokes.map((revoke) => [
    revoke.users.toLocaleString("en"),
    revoke.calls.toLocaleString("en"),
    (revoke.ms / 1000).toFixed(2),
    Math.round(revoke.users / (revoke.ms / 1000)).toLocaleString("en"),
    requestsText(revoke.requests),
    mib(revoke.peakHeapBytes),
    mib(revoke.peakRssBytes),
    mib(revoke.heapLeftBytes),
  ]);
  return markdownTable(
    [
      "users revoked",
      "calls",
      "seconds",
      "users a second",
      "requests",
      "peak heap over baseline, MiB",
      "peak resident over baseline, MiB",
      "heap left after, MiB",
    ],
    rows,
  );
}

const scanText = ({ scans }: GrowthResults): string =>
  scans
    .map(
      ({ sessions, requests, readUnits, ms }) =>
        `A store without an index of users scans ${sessions.toLocaleString("en")} sessions to log one user out: ` +
        `${requests} requests, ${readUnits.toLocaleString("en")} read units (eventual), ${(ms / 1000).toFixed(2)} s.`,
    )
    .join("\n");

const fillText = ({ fillRates, machine }: GrowthResults): string =>
  [
    `${machine}.`,
    ...fillRates.map(({ table, sessions, seconds, databaseRssBytes }) => {
      const memory =
        databaseRssBytes === undefined ? "" : `; the database then held ${mib(databaseRssBytes)} MiB`;
      return `Filled ${table} (${sessions.toLocaleString("en")} sessions) in ${seconds.toFixed(0)} s${memory}.`;
    }),
  ].join("\n");
