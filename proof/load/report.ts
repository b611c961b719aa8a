import type { LoadArguments } from "./arguments.ts";
import { MIX } from "./checked-calls.ts";
import type { LoadResult } from "./run.ts";
import { passed, RULE, type Finding } from "./verdict.ts";

export interface ReportInput {
  readonly options: LoadArguments;
  readonly result: LoadResult;
  readonly found: readonly Finding[];
  /** Node.js, processors: what the numbers are worth. */
  readonly machine: string;
  /** Whether it was ended before its time. */
  readonly endedEarly: boolean;
}

/** The whole report as Markdown, which is also readable on a terminal. */
export function reportOf({ options, result, found, machine, endedEarly }: ReportInput): string {
  const { requests, seconds, finalCheck } = result;
  const { minutes, concurrency, users, seed } = options;
  const command = `npm run load -- --minutes ${minutes} --concurrency ${concurrency} --users ${users} --seed ${seed}`;
  const sections = [
    "# Load",
    `\`${command}\` on ${machine}.`,
    `${requests} requests in ${seconds.toFixed(0)} s${endedEarly ? " (ended early)" : ""}: ` +
      `${(requests / seconds).toFixed(0)} a second with ${concurrency} clients at once, each sending its ` +
      `next request when the last is answered. Of a thousand operations ${mixText()}.`,
    operationsTable(result),
    "## Sessions",
    "Every answer was compared with what that user's sessions had to be. At the end all " +
      `${finalCheck.live} live sessions were asked for once more, and ${finalCheck.ended} ended ones with ` +
      "the reason each must give.",
    errorsText(result),
    "## Memory and handles of the stack's process",
    findingsTable(found),
    RULE,
    verdictText(result, found),
  ];
  return `${sections.join("\n\n")}\n`;
}

function mixText(): string {
  const parts = Object.entries(MIX).map(([name, share]) => `${share} are ${name}`);
  return parts.join(", ");
}

function operationsTable({ operations }: LoadResult): string {
  const rows = operations.map(({ name, count, statuses, p50, p95, p99, longest }) => [
    name,
    String(count),
    Object.entries(statuses)
      .map(([status, times]) => `${status === "0" ? "none" : status}: ${times}`)
      .join(", "),
    ...[p50, p95, p99, longest].map((ms) => ms.toFixed(1)),
  ]);
  return table(["operation", "requests", "answers", "p50 ms", "p95 ms", "p99 ms", "longest ms"], rows);
}

function findingsTable(found: readonly Finding[]): string {
  const shown = (value: number): string => (Number.isInteger(value) ? String(value) : value.toFixed(1));
  const rows = found.map(({ name, unit, start, middle, end, trend, judgement }) => [
    unit === "" ? name : `${name} (${unit})`,
    shown(start),
    shown(middle),
    shown(end),
    trend === undefined ? "" : signed(trend.perMinute),
    trend === undefined ? "" : `${signed(trend.growth)} ± ${trend.uncertainty.toFixed(2)}`,
    judgement,
  ]);
  return table(
    ["quantity", "start", "middle", "end", "slope a minute", "growth in the second half", "judged"],
    rows,
  );
}

function errorsText({ errors }: LoadResult): string {
  if (errors.length === 0) return "No session was lost, none came back, and no answer was out of place.";
  const lines = errors.map(
    ({ kind, count, examples }) =>
      `- ${count} times ${kind}: ${examples.map((each) => `\`${each}\``).join("; ")}`,
  );
  return lines.join("\n");
}

function verdictText(result: LoadResult, found: readonly Finding[]): string {
  const growing = found.filter(({ judgement }) => judgement === "grows").map(({ name }) => name);
  const unjudged = found.some(({ judgement }) => judgement === "too short to judge");
  const errors = result.errors.reduce((sum, { count }) => sum + count, 0);
  const parts = [
    `${errors} errors`,
    growing.length > 0
      ? `growing: ${growing.join(", ")}`
      : unjudged
        ? "too short to judge memory and handles"
        : "memory and handles flat",
  ];
  return `**${passed(result, found) ? "Passed" : "Failed"}**: ${parts.join("; ")}.`;
}

const signed = (value: number): string => `${value < 0 ? "" : "+"}${value.toFixed(2)}`;

/** Aligned, as Prettier would have it: the first column to the left, the others as they are. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, ...rows];
  const widths = head.map((_, column) => Math.max(3, ...lines.map((line) => (line[column] ?? "").length)));
  const row = (cells: readonly string[]): string =>
    `| ${widths.map((width, column) => (cells[column] ?? "").padEnd(width)).join(" | ")} |`;
  return [row(head), row(widths.map((width) => "-".repeat(width))), ...rows.map(row)].join("\n");
}
