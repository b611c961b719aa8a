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
const STYLE = `
  text { font: 12px system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; fill: #1f2328; }
  .heading { font-weight: 600; font-size: 14px; }
  .group, .ours { font-weight: 600; }
  .quiet { fill: #59636e; }
  .grid { stroke: #d1d9e0; stroke-width: 1; }
  .one { stroke: #59636e; stroke-width: 1; stroke-dasharray: 3 3; }
  .range { stroke-width: 3; stroke: #818b98; stroke-linecap: round; opacity: 0.55; }
  .dot { fill: #818b98; }
  .range.ours { stroke: #0969da; }
  .dot.ours { fill: #0969da; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc; }
    .quiet { fill: #9198a1; }
    .grid { stroke: #3d444d; }
    .one { stroke: #9198a1; }
    .range.ours { stroke: #4493f8; }
    .dot.ours { fill: #4493f8; }
  }`;

interface Section {
  readonly title: string;
  readonly rows: readonly ContenderSummary[];
}

/**
 * The ratios to a bare `GetItem` as an SVG: a dot for the median, a line from the 10% to the 90% of the
 * rounds.
 */
export function plotOf(results: SpeedResults): string {
  const summaries = summarize(results);
  const sections = sectionsOf(summaries);
  const axis = logAxis(
    summaries.flatMap(({ ratio }) => [ratio.low, ratio.median, ratio.high]),
    LABELS,
    AXIS_END,
  );
  const parts: string[] = [];
  let y = TOP;
  for (const { title, rows } of sections) {
    parts.push(`<text class="group" x="0" y="${y + 22}">${escaped(title)}</text>`);
    y += GROUP_TITLE;
    for (const row of rows) {
      parts.push(rowOf(row, axis, y));
      y += ROW;
    }
  }
  const height = y + BOTTOM;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title description">`,
    `<title id="title">How long calls take, by a bare GetItem</title>`,
    `<desc id="description">${escaped(descriptionOf(sections))}</desc>`,
    `<style>${STYLE}\n</style>`,
    `<text class="heading" x="0" y="16">Time of a call, by that of a bare consistent GetItem</text>`,
    `<text class="quiet" x="0" y="34">Median of the rounds, and the range of the middle 80% of them. Logarithmic.</text>`,
    ...axis.ticks.map((tick) => tickOf(tick, axis, y)),
    ...parts,
    "</svg>\n",
  ].join("\n");
}

/** The groups that have somebody in them, each from the fastest to the slowest. */
function sectionsOf(summaries: readonly ContenderSummary[]): Section[] {
  return Object.entries(GROUPS).flatMap(([group, title]) => {
    const rows = summaries
      .filter((each) => each.group === group)
      .sort((a, b) => a.ratio.median - b.ratio.median);
    return rows.length === 0 ? [] : [{ title, rows }];
  });
}

function rowOf({ name, isOurs, ratio }: ContenderSummary, axis: LogAxis, top: number): string {
  const middle = top + ROW / 2;
  const kind = isOurs ? " ours" : "";
  const x = (value: number): string => axis.at(value).toFixed(1);
  return [
    `<text class="label${kind}" x="${LABELS - 14}" y="${middle + 4}" text-anchor="end">${escaped(name)}</text>`,
    `<line class="range${kind}" x1="${x(ratio.low)}" y1="${middle}" x2="${x(ratio.high)}" y2="${middle}"/>`,
    `<circle class="dot${kind}" cx="${x(ratio.median)}" cy="${middle}" r="5"/>`,
    `<text class="ratio${kind}" x="${WIDTH}" y="${middle + 4}" text-anchor="end">${times(ratio.median)}</text>`,
  ].join("");
}

function tickOf(tick: number, axis: LogAxis, bottom: number): string {
  const x = axis.at(tick).toFixed(1);
  const line = `<line class="${tick === 1 ? "one" : "grid"}" x1="${x}" y1="${TOP + 4}" x2="${x}" y2="${bottom}"/>`;
  return `${line}<text class="quiet" x="${x}" y="${TOP - 4}" text-anchor="middle">${tick < 1 ? `1/${1 / tick}` : tick}x</text>`;
}

/** What the picture shows, for whoever cannot see it. */
function descriptionOf(sections: readonly Section[]): string {
  return sections
    .map(
      ({ title, rows }) =>
        `${title}: ${rows.map(({ name, ratio }) => `${name} ${times(ratio.median)}`).join("; ")}.`,
    )
    .join(" ");
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
    ticks: Array.from({ length: last - first + 1 }, (_, index) => 2 ** (first + index)),
  };
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};
const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
