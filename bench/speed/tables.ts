import type { Counts } from "../support/count-calls.ts";
import type { Spread } from "../support/statistics.ts";
import { grouped, markdownTable, range, tableOf, times, timesOf, type Column } from "../support/tables.ts";
import { GROUPS, type ContenderFacts } from "./contender.ts";
import { summarize, summarizeBulk, summarizeLoaded } from "./summary.ts";
import type { ContenderSummary, LoadedSummary, SpeedResults } from "./summary.ts";

/** The results as Markdown, which is also readable on a terminal. */
export function tablesOf(results: SpeedResults): string {
  const sections = [machineLine(results), ...sequential(results), ...loaded(results), ...bulk(results)];
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

const shown = ({ name, isOurs }: ContenderFacts): string => (isOurs ? `**${name}**` : name);

/** A row of the table of calls one after the other: a contender, or the part of it that is its own. */
interface Row extends Pick<ContenderSummary, "ratio"> {
  readonly name: string;
  readonly whole?: ContenderSummary;
}

const units = (count: number): string => (Number.isInteger(count) ? String(count) : count.toFixed(1));
const counted =
  (text: (counts: Counts) => string) =>
  ({ whole }: Row): string =>
    whole?.counts === undefined ? "" : text(whole.counts);

const SEQUENTIAL: readonly Column<Row>[] = [
  ["p50 µs", ({ whole }) => whole?.p50.median.toFixed(0) ?? ""],
  ["to bare GetItem", ({ ratio }) => times(ratio.median)],
  ["10% to 90%", ({ ratio }) => range(ratio)],
  ["to the same work", ({ whole }) => (whole?.besideRatio === undefined ? "" : timesOf(whole.besideRatio))],
  ["round trips", counted(({ roundTrips }) => String(roundTrips))],
  ["read units", counted(({ readUnits }) => units(readUnits))],
  [
    "write units",
    counted(
      ({ tableWriteUnits, indexWriteUnits }) =>
        units(tableWriteUnits) + (indexWriteUnits > 0 ? ` + ${units(indexWriteUnits)} index` : ""),
    ),
  ],
];

function sequential(results: SpeedResults): string[] {
  const summaries = summarize(results);
  return Object.entries(GROUPS).flatMap(([group, title]) => {
    const rows = summaries
      .filter((each) => each.group === group)
      .flatMap((whole): Row[] => {
        const { name, ratio, ownRatio } = whole;
        const row = { name: shown(whole), ratio, whole };
        return ownRatio ? [row, { name: `${name}: the session's part`, ratio: ownRatio }] : [row];
      });
    return rows.length === 0 ? [] : [tableOf(rows, [[title, ({ name }) => name], ...SEQUENTIAL])];
  });
}

function loaded(results: SpeedResults): string[] {
  const rows = summarizeLoaded(results);
  if (rows.length === 0) return [];
  const columns: readonly Column<LoadedSummary>[] = [
    [`${results.atOnce} calls at once`, shown],
    ["µs a call", ({ elapsed }) => elapsed.median.toFixed(0)],
    ["to bare GetItem", ({ elapsedRatio }) => timesOf(elapsedRatio)],
    ["CPU µs a call", ({ cpu }) => cpu.median.toFixed(0)],
    ["to bare GetItem", ({ cpuRatio }) => timesOf(cpuRatio)],
  ];
  return [tableOf(rows, columns)];
}

const mib = (bytes: number): string => (bytes / (1024 * 1024)).toFixed(0);
const mebibytes = ({ median, low, high }: Spread): string =>
  `${mib(median)} MiB (${mib(low)} to ${mib(high)})`;
const seconds = ({ median }: Spread): string => `${(median / 1000).toFixed(2)} s`;

function bulk(results: SpeedResults): string[] {
  const summary = summarizeBulk(results);
  if (summary === undefined) return [];
  const { users, ratio } = summary;
  const head = [`Administrators' logout of ${grouped(users)} users`, `median of ${ratio.rounds}`];
  return [
    markdownTable(head, [
      ["the store", seconds(summary.storeMilliseconds)],
      ["bare BatchWriteItem of the same writes, as many at once", seconds(summary.bareMilliseconds)],
      ["ratio", timesOf(ratio)],
      ["ratio of the processes' CPU", timesOf(summary.cpuRatio)],
      ["resident memory at most, above the bare writes'", mebibytes(summary.residentAbove)],
      ["heap at most, above the bare writes'", mebibytes(summary.heapAbove)],
    ]),
  ];
}
