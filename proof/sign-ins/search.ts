import { HERE, loadProduct } from "../model/product.ts";
import { END_KINDS, type EndKind } from "./oracle.ts";
import { runHistory, type HistoryReport } from "./history.ts";

export interface SearchOptions {
  readonly seed: string;
  readonly histories: number;
  /** The checkout whose product is run; this one unless given. */
  readonly root?: URL;
  /** Called now and then with the number of histories so far. */
  readonly onProgress?: (histories: number) => void;
}

export interface SearchReport {
  readonly histories: number;
  readonly operations: number;
  /** How often a sign-in was refused whose end had been told, by what ended it. */
  readonly refused: Readonly<Record<EndKind, number>>;
  /** The first history in which something was wrong, by its seed. */
  readonly violation: (NonNullable<HistoryReport["violation"]> & { readonly seed: string }) | undefined;
}

const PROGRESS_EVERY = 1000;

/** Runs made-up histories until one shows a violation, or all are through. */
export async function search({
  seed,
  histories,
  root = HERE,
  onProgress,
}: SearchOptions): Promise<SearchReport> {
  const product = await loadProduct(root);
  const refused = Object.fromEntries(END_KINDS.map((kind) => [kind, 0])) as Record<EndKind, number>;
  let operations = 0;
  for (let done = 1; done <= histories; done++) {
    const own = `${seed}/${done}`;
    const report = await runHistory(product, own);
    operations += report.operations;
    for (const kind of END_KINDS) refused[kind] += report.refused[kind];
    if (report.violation !== undefined)
      return { histories: done, operations, refused, violation: { ...report.violation, seed: own } };
    if (done % PROGRESS_EVERY === 0) onProgress?.(done);
  }
  return { histories, operations, refused, violation: undefined };
}

/** The report as lines. */
export function showSearch({ histories, operations, refused, violation }: SearchReport): string {
  const counts = Object.entries(refused).map(([kind, times]) => `  ${String(times).padStart(8)} ${kind}`);
  const found = violation && [`${violation.what} (history ${violation.seed})`, ...violation.trace];
  return [
    `${histories} histories, ${operations} operations; refused after its sign-in was`,
    ...counts,
    ...(found ?? ["no violation"]),
  ].join("\n");
}
