import { readFileSync } from "node:fs";
import { ascending, range } from "d3-array";
import mustache from "mustache";
import { times } from "../support/tables.ts";
import { GROUPS } from "./contender.ts";
import { summarize, type ContenderSummary, type SpeedResults } from "./summary.ts";

const WIDTH = 920;
const LABELS = 430;
/** Where the axis ends; the ratios are written to the right of it. */
const AXIS_END = WIDTH - 70;
const ROW = 22;
const GROUP_TITLE = 34;
const TOP = 62;
const BOTTOM = 16;

/**
 * Both a light and a dark page show it: it has no background, and takes its colours from what the reader's
 * system prefers.
 */
const TEMPLATE = new URL("./plot.svg.mustache", import.meta.url);

/**
 * The ratios to a bare `GetItem` as an SVG: a dot for the median, a line from the 10% to the 90% of the
 * rounds. The groups that have somebody in them, each from the fastest to the slowest.
 */
export function plotOf(results: SpeedResults): string {
  const summaries = summarize(results);
  const axis = logAxis(
    summaries.flatMap(({ ratio }) => [ratio.low, ratio.median, ratio.high]),
    LABELS,
    AXIS_END,
  );
  let bottom = TOP;
  const sections = Object.entries(GROUPS).flatMap(([group, title]) => {
    const members = summaries
      .filter((each) => each.group === group)
      .sort((a, b) => ascending(a.ratio.median, b.ratio.median));
    if (members.length === 0) return [];
    const top = bottom + GROUP_TITLE;
    bottom = top + members.length * ROW;
    const rows = members.map((member, index) => rowOf(member, axis, top + (index + 0.5) * ROW));
    return [{ title, y: top - 12, rows }];
  });
  const ticks = axis.ticks.map((tick) => ({
    ...{ kind: tick === 1 ? "one" : "grid", x: axis.at(tick).toFixed(1), top: TOP + 4, bottom },
    label: { y: TOP - 4, text: `${tick < 1 ? `1/${1 / tick}` : tick}x` },
  }));
  const view = { width: WIDTH, height: bottom + BOTTOM, sections, ticks };
  return mustache.render(readFileSync(TEMPLATE, "utf8"), view);
}

function rowOf({ name, isOurs, ratio }: ContenderSummary, axis: LogAxis, y: number) {
  const x = (value: number): string => axis.at(value).toFixed(1);
  const [low, median, high] = [x(ratio.low), x(ratio.median), x(ratio.high)];
  const label = { x: LABELS - 14, y: y + 4 };
  return { name, kind: isOurs ? " ours" : "", y, label, low, median, high, times: times(ratio.median) };
}

/** A logarithmic axis of ratios. */
interface LogAxis {
  /** Where a ratio lies, in pixels. */
  at(ratio: number): number;
  /** Powers of two, from the one below the smallest ratio to the one above the largest. */
  readonly ticks: readonly number[];
}

/** An axis that holds all of the ratios, and 1, from one pixel to another. */
export function logAxis(ratios: readonly number[], from: number, to: number): LogAxis {
  const exponents = [1, ...ratios].map(Math.log2);
  const first = Math.floor(Math.min(...exponents));
  const last = Math.max(first + 1, Math.ceil(Math.max(...exponents)));
  return {
    at: (ratio) => from + ((Math.log2(ratio) - first) / (last - first)) * (to - from),
    ticks: range(first, last + 1).map((exponent) => 2 ** exponent),
  };
}
