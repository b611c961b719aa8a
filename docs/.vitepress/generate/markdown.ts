import type { Json } from "../../../openapi/json-schema.ts";

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

/** A block of JSON under a title. */
export const jsonBlock = (value: Json, title: string): string =>
  `\`\`\`json [${title}]\n${JSON.stringify(value, undefined, 2)}\n\`\`\``;
