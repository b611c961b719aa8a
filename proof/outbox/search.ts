import { HERE, loadProduct } from "../model/product.ts";
import { runHistory, type HistoryReport } from "./history.ts";
import { loadOutbox } from "./load-outbox.ts";
import type { Seen } from "./oracle.ts";

export interface SearchOptions {
  readonly seed: string;
  /** Histories are made until so many sessions' items were inserted or removed. */
  readonly changes: number;
  /** The checkout whose product is run; this one unless given. */
  readonly root?: URL;
  /** Called now and then with the number of changes so far. */
  readonly onProgress?: (changes: number) => void;
}

export interface SearchReport {
  readonly histories: number;
  readonly changes: number;
  readonly seen: Seen;
  /** The first history in which something was wrong, by its seed. */
  readonly violation: (NonNullable<HistoryReport["violation"]> & { readonly seed: string }) | undefined;
}

const PROGRESS_EVERY = 500;

/** Runs made-up histories until one shows a violation, or there were enough changes. */
export async function search({
  seed,
  changes: wanted,
  root = HERE,
  onProgress,
}: SearchOptions): Promise<SearchReport> {
  const [product, outbox] = await Promise.all([loadProduct(root), loadOutbox(root)]);
  const seen: Seen = {};
  let changes = 0;
  let histories = 0;
  while (changes < wanted) {
    const own = `${seed}/${++histories}`;
    const report = await runHistory({ product, outbox }, own);
    changes += report.changes;
    for (const [what, times] of Object.entries(report.seen)) seen[what] = (seen[what] ?? 0) + times;
    if (report.violation !== undefined)
      return { histories, changes, seen, violation: { ...report.violation, seed: own } };
    if (histories % PROGRESS_EVERY === 0) onProgress?.(changes);
  }
  return { histories, changes, seen, violation: undefined };
}

/** The report as lines. */
export function showSearch({ histories, changes, seen, violation }: SearchReport): string {
  const counts = Object.entries(seen).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const found = violation && [`${violation.what} (history ${violation.seed})`, ...violation.trace];
  return [
    `${changes} changes in ${histories} histories`,
    ...counts.map(([what, times]) => `  ${String(times).padStart(8)} ${what}`),
    ...(found ?? ["no violation"]),
  ].join("\n");
}
