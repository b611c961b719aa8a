/**
 * What makes a spreadsheet take a cell for a formula (OWASP, "CSV Injection"), in full-width form as well,
 * behind white space too.
 */
const FORMULA = /^[\s\p{Cf}]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n]/u;

/** Tells spreadsheets that the file is UTF-8. */
const BYTE_ORDER_MARK = "\uFEFF";

/**
 * Rows of cells as CSV (RFC 4180). Every cell is quoted, and one that a spreadsheet would calculate is given
 * an apostrophe in front: what is in the cells came from outside.
 */
export function toCsv(rows: readonly (readonly string[])[]): string {
  return BYTE_ORDER_MARK + rows.map((cells) => `${cells.map(quoted).join(",")}\r\n`).join("");
}

const quoted = (cell: string): string =>
  `"${(FORMULA.test(cell) ? `'${cell}` : cell).replaceAll('"', '""')}"`;
