import type { Json } from "../../../src/api/parts/json.ts";

/** One line of text for a cell of a table. */
export function cell(value: unknown): string {
  return (typeof value === "string" ? value : JSON.stringify(value ?? ""))
    .replaceAll("|", "\\|")
    .replaceAll(/\s+/g, " ")
    .replaceAll("<", "&lt;");
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

export const bulletList = (items: readonly string[]): string => items.map((item) => `- ${item}`).join("\n");

/** The parts of a page that are there, one below the other. */
export const sections = (parts: readonly (string | false | undefined)[]): string =>
  parts.filter((part) => typeof part === "string" && part !== "").join("\n\n");

/** Blocks of JSON, of which the page shows one at a time; nothing of none. */
export function jsonGroup(blocks: readonly { readonly title: string; readonly value: Json }[]): string {
  if (blocks.length === 0) return "";
  const texts = blocks.map(
    ({ title, value }) => `\`\`\`json [${title}]\n${JSON.stringify(value, undefined, 2)}\n\`\`\``,
  );
  return ["::: code-group", ...texts, ":::"].join("\n");
}
