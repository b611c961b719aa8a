import { markdownTable } from "../support/markdown-table.ts";
import { GROUPS, type Group } from "./contender.ts";
import type { SpeedResults } from "./results.ts";
import { summarize, summarizeBulk, summarizeLoaded, type ContenderSummary, type Spread } from "./summary.ts";

/** The results as Markdown, which is also readable on a terminal. */
export function tablesOf(results: SpeedResults): string {
  const sections = [
    machineLine(results),
    ...sequentialSections(results),
    ...loadedSection(results),
    ...bulkSection(results),
  ];
  return `${sections.join("\n\n")}\n`;
}

function machineLine({ date, versions, processors, endedEarly, blocks, contenders }: SpeedResults): string {
  const rounds = new Set(blocks.map(({ round }) => round)).size;
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const early = endedEarly ? " Ended early." : "";
  return (
    `${date.slice(0, 10)}, ${processors.count} processors (${processors.model}), shared with DynamoDB Local; ${named.join(", ")}. ` +
    `${contenders.length} contenders, ${rounds} rounds in random order.${early}`
  );
}

function sequentialSections(results: SpeedResults): string[] {
  const summaries = summarize(results);
  return Object.entries(GROUPS).flatMap(([group, title]) => {
    const rows = summaries.filter((each) => each.group === (group as Group)).flatMap(sequentialRows);
    if (rows.length === 0) return [];
    const head = [
      title,
      "p50 µs",
      "to bare GetItem",
      "10% to 90%",
      "to the same work",
      "round trips",
      "read units",
      "write units",
    ];
    return [markdownTable(head, rows)];
  });
}

function sequentialRows(summary: ContenderSummary): string[][] {
  const { name, isOurs, p50, ratio, besideRatio, ownRatio, counts } = summary;
  const row = [
    isOurs ? `**${name}**` : name,
    p50.median.toFixed(0),
    times(ratio.median),
    range(ratio),
    besideRatio === undefined ? "" : `${times(besideRatio.median)} (${range(besideRatio)})`,
    counts === undefined ? "" : String(counts.roundTrips),
    counts === undefined ? "" : units(counts.readUnits),
    counts === undefined
      ? ""
      : `${units(counts.tableWriteUnits)}${counts.indexWriteUnits > 0 ? ` + ${units(counts.indexWriteUnits)} index` : ""}`,
  ];
  return ownRatio === undefined
    ? [row]
    : [row, [`${name}: the session's part`, "", times(ownRatio.median), range(ownRatio), "", "", "", ""]];
}

function loadedSection(results: SpeedResults): string[] {
  const rows = summarizeLoaded(results).map(({ name, isOurs, elapsed, elapsedRatio, cpu, cpuRatio }) => [
    isOurs ? `**${name}**` : name,
    elapsed.median.toFixed(0),
    `${times(elapsedRatio.median)} (${range(elapsedRatio)})`,
    cpu.median.toFixed(0),
    `${times(cpuRatio.median)} (${range(cpuRatio)})`,
  ]);
  if (rows.length === 0) return [];
  const head = [
    `${results.atOnce} calls at once`,
    "µs a call",
    "to bare GetItem",
    "CPU µs a call",
    "to bare GetItem",
  ];
  return [markdownTable(head, rows)];
}

const MIB = 1024 * 1024;

function bulkSection(results: SpeedResults): string[] {
  const bulk = summarizeBulk(results);
  if (bulk === undefined) return [];
  const mebibytes = ({ median, low, high }: Spread): string =>
    `${(median / MIB).toFixed(0)} MiB (${(low / MIB).toFixed(0)} to ${(high / MIB).toFixed(0)})`;
  const rows = [
    ["the store", `${(bulk.storeMilliseconds.median / 1000).toFixed(2)} s`],
    [
      "bare BatchWriteItem of the same writes, as many at once",
      `${(bulk.bareMilliseconds.median / 1000).toFixed(2)} s`,
    ],
    ["ratio", `${times(bulk.ratio.median)} (${range(bulk.ratio)})`],
    ["ratio of the processes' CPU", `${times(bulk.cpuRatio.median)} (${range(bulk.cpuRatio)})`],
    ["resident memory at most, above the bare writes'", mebibytes(bulk.residentAbove)],
    ["heap at most, above the bare writes'", mebibytes(bulk.heapAbove)],
  ];
  const head = [
    `Administrators' logout of ${bulk.users.toLocaleString("en")} users`,
    `median of ${bulk.ratio.rounds}`,
  ];
  return [markdownTable(head, rows)];
}

const times = (ratio: number): string => `${ratio.toFixed(2)}x`;
const range = ({ low, high }: Spread): string => `${low.toFixed(2)} to ${high.toFixed(2)}`;
const units = (count: number): string => (Number.isInteger(count) ? String(count) : count.toFixed(1));
