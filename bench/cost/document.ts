import type { Counts } from "./counts.ts";
import { TABLES } from "./tables.ts";

const opening = (name: string): string => `<!-- cost: ${name} -->`;
const CLOSING = "<!-- end of cost -->";

/**
 * The document with its tables as the counts give them, each between a comment that names it and one that
 * ends it.
 * @throws Error naming a table that the document has no place for.
 */
export function withTables(document: string, counts: Counts): string {
  return Object.entries(TABLES).reduce((text, [name, table]) => {
    const start = text.indexOf(opening(name));
    const end = text.indexOf(CLOSING, start);
    if (start < 0 || end < 0) throw new Error(`docs/design/cost.md has no place for the table ${name}`);
    return `${text.slice(0, start)}${opening(name)}\n\n${table(counts)}\n\n${text.slice(end)}`;
  }, document);
}
