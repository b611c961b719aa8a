import { writeFile } from "node:fs/promises";
import { markdownTable } from "../support/markdown-table.ts";
import { median } from "../support/quantiles.ts";
import { BARE, bundleBytes, type ColdContender } from "./contenders.ts";
import type { FirstCall } from "./measure.ts";

/** Files to write beside what is printed. */
export interface ReportOptions {
  readonly json?: string;
  readonly markdown?: string;
}

interface Result {
  readonly name: string;
  readonly bundleBytes: number;
  readonly importMs: number;
  readonly callMs: number;
  readonly totalMs: number;
  /** Median over the runs of this one's total to the bare handler's of the same run. */
  readonly ratio: number;
}

/** Prints the table of all first calls, by medians, and writes it and the times where that was asked for. */
export async function report(
  contenders: readonly ColdContender[],
  calls: ReadonlyMap<string, readonly FirstCall[]>,
  options: ReportOptions,
): Promise<void> {
  const totals = (name: string): number[] =>
    (calls.get(name) ?? []).map(({ importMs, callMs }) => importMs + callMs);
  const bare = totals(BARE);
  const results: Result[] = [];
  for (const contender of contenders) {
    const { name } = contender;
    const mine = calls.get(name) ?? [];
    results.push({
      name,
      bundleBytes: await bundleBytes(contender),
      importMs: median(mine.map(({ importMs }) => importMs)),
      callMs: median(mine.map(({ callMs }) => callMs)),
      totalMs: median(totals(name)),
      ratio: median(totals(name).map((total, round) => total / (bare[round] ?? NaN))),
    });
  }
  const table = markdownTable(
    ["function", "code, KB", "import, ms", "first call, ms", "both, ms", "to the bare handler"],
    results.map(({ name, bundleBytes: bytes, importMs, callMs, totalMs, ratio }) => [
      name,
      (bytes / 1000).toFixed(0),
      importMs.toFixed(1),
      callMs.toFixed(1),
      totalMs.toFixed(1),
      `${ratio.toFixed(2)}x`,
    ]),
  );
  console.log(`Medians of ${bare.length} fresh processes each, Node.js ${process.version}\n\n${table}`);
  if (options.json !== undefined) {
    await writeFile(
      options.json,
      `${JSON.stringify({ node: process.version, results, calls: Object.fromEntries(calls) }, null, 2)}\n`,
    );
  }
  if (options.markdown !== undefined) await writeFile(options.markdown, `${table}\n`);
}
