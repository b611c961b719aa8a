import { printable } from "./printable.ts";

/** Lines of aligned columns: the headings, then a line a row. The last column may be long. */
export function inColumns(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [headings, ...rows.map((cells) => cells.map(printable))];
  // A loop: a call takes no million arguments, which a list of sessions may have rows.
  const widths = headings.map((_, column) =>
    lines.reduce((widest, line) => Math.max(widest, line[column]?.length ?? 0), 0),
  );
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
