import type { Counts } from "../speed/count-calls.ts";
import type { Block } from "../speed/rounds.ts";
import { besideInRounds, median } from "../support/statistics.ts";
import { grouped, requestsText, tableOf, times, type Column } from "../support/tables.ts";
import { idOf } from "./measure.ts";
import { OPERATIONS } from "./operations.ts";

/** All that one run measured. */
export interface GrowthResults {
  readonly machine: string;
  readonly fillRates: { readonly table: string; readonly sessions: number; readonly seconds: number }[];
  /** The labels of the tables, the first being what the others are compared with. */
  readonly tables: readonly string[];
  readonly counts: Counts[];
  readonly blocks: Block[];
}

/** The tables of a run as Markdown; what was not measured is left out. */
export function reportOf(results: GrowthResults): string {
  const parts = [
    results.blocks.length > 0 ? timesTable(results) : "",
    results.counts.length > 0 ? countsTable(results) : "",
    fillText(results),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

const NAMES = OPERATIONS.map(({ name }) => name);

/**
 * The medians on the first table, and how much longer each other table takes: the median of the rounds' own
 * ratios.
 */
export function timesTable({ tables, blocks }: Pick<GrowthResults, "tables" | "blocks">): string {
  const [first = "", ...others] = tables;
  const of = (operation: string, table: string): Block[] =>
    blocks.filter(({ id }) => id === idOf(operation, table));
  return tableOf(
    NAMES.filter((operation) => of(operation, first).length > 0),
    [
      ["store call", (operation) => operation],
      [
        `p50 ms at ${first} sessions`,
        (operation) => (median(of(operation, first).map(({ p50 }) => p50)) / 1000).toFixed(2),
      ],
      ...others.map((table): Column<string> => [
        `at ${table}`,
        (operation) => {
          const ratio = besideInRounds(
            of(operation, table),
            blocks,
            [idOf(operation, first)],
            (own, other) => own.p50 / other.p50,
          );
          return times(ratio?.median ?? NaN);
        },
      ]),
    ],
  );
}

/** What each operation asks of the database: a row for all sizes where it is the same, else one for each. */
export function countsTable({ tables, counts }: Pick<GrowthResults, "tables" | "counts">): string {
  const rows = NAMES.flatMap((operation) => {
    const all = tables.flatMap((table) => {
      const found = counts.find(({ id }) => id === idOf(operation, table));
      return found === undefined ? [] : [{ ...found, operation, table }];
    });
    const alike = [...Map.groupBy(all, (each) => JSON.stringify({ ...each, id: "", table: "" })).values()];
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
    ["read units", ({ readUnits }) => String(readUnits)],
    ["write units", ({ tableWriteUnits, indexWriteUnits }) => String(tableWriteUnits + indexWriteUnits)],
  ]);
}

const fillText = ({ fillRates, machine }: GrowthResults): string =>
  [
    `${machine}.`,
    ...fillRates.map(
      ({ table, sessions, seconds }) =>
        `Filled ${table} (${grouped(sessions)} sessions) in ${seconds.toFixed(0)} s.`,
    ),
  ].join("\n");
