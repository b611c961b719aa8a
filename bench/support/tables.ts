import type { Spread } from "./statistics.ts";

/** A column of a table: its head, and what it says of a row. */
export type Column<Row> = readonly [head: string, cell: (row: Row) => string | number];

/** A table of things, as Markdown. */
export const tableOf = <Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string =>
  markdownTable(
    columns.map(([head]) => head),
    rows.map((row) => columns.map(([, cell]) => String(cell(row)))),
  );

/** A Markdown table, aligned as Prettier would have it, which is also readable on a terminal. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, ...rows];
  const widths = head.map((_, column) => Math.max(3, ...lines.map((line) => (line[column] ?? "").length)));
  const row = (cells: readonly string[]): string =>
    `| ${widths.map((width, column) => (cells[column] ?? "").padEnd(width)).join(" | ")} |`;
  return [row(head), row(widths.map((width) => "-".repeat(width))), ...rows.map(row)].join("\n");
}

/** `1.50x` */
export const times = (ratio: number): string => `${ratio.toFixed(2)}x`;
/** `0.94 to 1.08` */
export const range = ({ low, high }: Spread): string => `${low.toFixed(2)} to ${high.toFixed(2)}`;
/** `1.00x (0.94 to 1.08)` */
export const timesOf = (spread: Spread): string => `${times(spread.median)} (${range(spread)})`;
/** `1,000` */
export const grouped = (count: number): string => count.toLocaleString("en");
/** `GetItem, 2 BatchWriteItem` */
export const requestsText = (requests: Readonly<Record<string, number>>): string =>
  Object.entries(requests)
    .map(([name, count]) => (count === 1 ? name : `${grouped(count)} ${name}`))
    .join(", ");
