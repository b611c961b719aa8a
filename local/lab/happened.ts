import type { PassedWrite } from "./database-proxy.ts";
import type { ItemNames } from "./item-names.ts";
import type { DrawnTransaction, HappenedLine } from "./shapes.ts";
import { drawTransaction, partsOf } from "./transaction.ts";

const LINES_KEPT = 40;
const TRANSACTIONS_KEPT = 12;

type Told = HappenedLine extends infer Line
  ? Line extends HappenedLine
    ? Omit<Line, "number" | "at">
    : never
  : never;

/** What happened in the stack lately, and who waits for more. */
export interface Happened {
  version(): number;
  lines(): readonly HappenedLine[];
  transactions(): readonly DrawnTransaction[];
  tell(line: Told): void;
  noteWrite(write: PassedWrite): void;
  /** Answers when the version is another one than that, or after a while. */
  changed(since: number, longestMs: number): Promise<void>;
}

/** @param senderOf the name of the function with a logical id. */
export function createHappened(
  names: ItemNames,
  { senderOf, clock }: { readonly senderOf: (logicalId: string) => string; readonly clock: () => number },
): Happened {
  const lines: HappenedLine[] = [];
  const transactions: DrawnTransaction[] = [];
  const tokens: string[] = [];
  const waiting = new Set<() => void>();
  let version = 1;
  let numbers = 0;

  function bump(): void {
    version++;
    for (const wake of waiting) wake();
  }
  function tell(line: Told): void {
    keep(lines, { number: ++numbers, at: clock(), ...line }, LINES_KEPT);
    bump();
  }
  function draw(write: PassedWrite, sender: string): void {
    const token = String(write.body["ClientRequestToken"]);
    const repeats = tokens.filter((known) => known === token).length;
    keep(tokens, token, LINES_KEPT);
    const drawn = drawTransaction(write, { names, sender, number: ++numbers, repeats });
    keep(transactions, drawn, TRANSACTIONS_KEPT);
  }

  return {
    version: () => version,
    lines: () => lines,
    transactions: () => transactions,
    tell,
    noteWrite(write) {
      const sender = senderOf(write.accessKeyId);
      if (write.operation === "TransactWriteItems") draw(write, sender);
      tell({ kind: "write", sender, changes: changesOf(write, names) });
    },
    changed(since, longestMs) {
      if (version !== since) return Promise.resolve();
      return new Promise((resolve) => {
        const wake = (): void => {
          clearTimeout(timer);
          waiting.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, longestMs);
        waiting.add(wake);
      });
    },
  };
}

const SIGNS = { put: "+", update: "~", delete: "−", check: "?" } as const;

/** A line an item; what came of it where that is not success. */
function changesOf(write: PassedWrite, names: ItemNames): string[] {
  const parts = partsOf(write, names);
  const failed = parts.find(({ outcome }) => outcome === "failed");
  if (write.answer === undefined) return ["throttled, nothing written"];
  if (failed !== undefined) return [`nothing written: the condition on ${failed.item} did not hold`];
  if (write.answer.status !== 200) return ["refused, nothing written"];
  const changes = parts.map(({ action, kind, item }) =>
    action === "put" && kind === "roster" ? `~ ${item}` : `${SIGNS[action]} ${item}`,
  );
  return write.fault === "lose-answer" ? [...changes, "the answer was lost"] : changes;
}

function keep<Item>(list: Item[], item: Item, most: number): void {
  list.push(item);
  if (list.length > most) list.shift();
}
