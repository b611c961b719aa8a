/** Operations that are measured in several variants: of table sizes, of the outbox's states. */
import { groups } from "d3-array";
import { INDEXES } from "../../src/sessions/table.ts";
import { countCalls, type Counts } from "./count-calls.ts";
import { startProgress } from "./progress.ts";
import { measureRounds, type Block, type Measured, type RoundOptions } from "./rounds.ts";
import { besideInRounds, median } from "./statistics.ts";
import { requestsText, tableOf, timesOf, type Column } from "./tables.ts";

/** All that one run measured. What everything is compared with is the first variant. */
export interface VariantResults {
  readonly operations: readonly string[];
  readonly variants: readonly string[];
  readonly counts: Counts[];
  readonly blocks: Block[];
}

/** The id of an operation's contender in a variant. */
export const idOf = (operation: string, variant: string): string => `${operation} at ${variant}`;

/** Counts a call of each contender of an endpoint; what is found comes into `counts`. */
export const countVariants = (
  endpoint: string,
  contendersAt: (endpoint: string) => readonly Measured[],
  { counts }: Pick<VariantResults, "counts">,
  stop: AbortSignal,
): Promise<void> =>
  countCalls(
    endpoint,
    () => INDEXES,
    contendersAt,
    (counted) => counts.push(counted),
    stop,
  );

/** Measures the contenders in rounds; what is found comes into `blocks`. */
export async function measureVariants(
  contenders: readonly Measured[],
  options: RoundOptions,
  { blocks }: Pick<VariantResults, "blocks">,
): Promise<void> {
  const progress = startProgress("rounds", options.rounds);
  await measureRounds(contenders, options, (block) => {
    blocks.push(block);
    progress.at(block.round);
  });
  progress.end();
}

/**
 * The medians in the first variant, and how much longer each other takes, by the rounds' own ratios; nothing
 * of operations that were not measured.
 * @param first the head of the medians' column, and how it says microseconds.
 */
export function timesTable(
  { operations, variants, blocks }: Omit<VariantResults, "counts">,
  [head, text]: readonly [head: string, text: (microseconds: number) => string],
  headOf: (variant: string) => string,
): string {
  const [first = "", ...others] = variants;
  const medians = (operation: string): number[] =>
    blocks.filter(({ id }) => id === idOf(operation, first)).map(({ p50 }) => p50);
  const beside = (variant: string) => (operation: string) => {
    const ids = [idOf(operation, variant), idOf(operation, first)] as const;
    const ratio = besideInRounds(ids[0], [ids[1]], blocks, (own, other) => own.p50 / other.p50);
    return ratio === undefined ? "" : timesOf(ratio);
  };
  return tableOf(
    operations.filter((operation) => medians(operation).length > 0),
    [
      ["store call", (operation) => operation],
      [head, (operation) => text(median(medians(operation)))],
      ...others.map((variant): Column<string> => [headOf(variant), beside(variant)]),
    ],
  );
}

/** What each operation asks of the database: a row for all variants where it is the same. */
export function countsTable(
  { operations, variants, counts }: Omit<VariantResults, "blocks">,
  head: string,
): string {
  const rows = operations.flatMap((operation) => {
    const all = variants.flatMap((variant) =>
      counts.filter(({ id }) => id === idOf(operation, variant)).map((each) => ({ ...each, variant })),
    );
    const alike = groups(all, (each) => JSON.stringify({ ...each, id: "", variant: "" }));
    return alike.flatMap(([, same]) => {
      const where = alike.length === 1 ? "every" : same.map(({ variant }) => variant).join(", ");
      return same.slice(0, 1).map((each) => ({ ...each, operation, where }));
    });
  });
  return tableOf(rows, [
    ["store call", ({ operation }) => operation],
    [head, ({ where }) => where],
    ["round trips", ({ roundTrips }) => String(roundTrips)],
    ["requests", ({ requests }) => requestsText(requests)],
    ["read units", ({ readUnits }) => String(readUnits)],
    ["write units", ({ tableWriteUnits, indexWriteUnits }) => String(tableWriteUnits + indexWriteUnits)],
  ]);
}
