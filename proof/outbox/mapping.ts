import type { Draws } from "../../test/support/seeded.ts";
import type { Change } from "./changes.ts";
import { sessionIdOf } from "./changes.ts";
import { isSuspicion } from "./told-of-changes.ts";
import type { Outcome } from "./invocation.ts";

/** Some changes in their order that are to be given to the function together. */
type Segment = readonly Change[];

const LARGEST_BATCH = 7;

/**
 * A shard of the stream, and what Lambda's mapping does with it: one batch at a time, in order; one that
 * failed again, in halves where it may; and now and then one again that had succeeded.
 */
export class Shard {
  readonly #draws: Draws;
  #unread: Change[] = [];
  #todo: Segment[] = [];

  constructor(draws: Draws) {
    this.#draws = draws;
  }

  get isDone(): boolean {
    return this.#unread.length === 0 && this.#todo.length === 0;
  }

  /** When the oldest change was made that has not been told. */
  get oldest(): number {
    return Math.min(...this.#todo.flat().map(({ time }) => time), this.#unread[0]?.time ?? Infinity);
  }

  add(change: Change): void {
    this.#unread.push(change);
  }

  /** The next batch, as the mapping's filter lets it through; empty where there is nothing. */
  next(): Segment {
    if (this.#todo.length === 0) {
      const batch = this.#unread.splice(0, this.#draws.whole(1, LARGEST_BATCH));
      // The filter saves money and decides nothing: sometimes all gets through.
      const isOpen = this.#draws.chance(0.15);
      const some = isOpen ? batch : batch.filter(passes);
      if (some.length > 0) this.#todo.push(some);
    }
    return this.#todo[0] ?? [];
  }

  /** What becomes of the batch after a call; `undefined`: the function was killed. */
  settle(outcome: Outcome | undefined): void {
    const [batch = [], ...rest] = this.#todo;
    if (outcome?.outcome !== "answered") {
      this.#todo = [...this.#halves(batch), ...rest];
      return;
    }
    const { failed } = outcome;
    if (failed.length > 0) {
      const from = Math.min(...failed.map((id) => indexOf(batch, id)));
      this.#todo = [...this.#halves(batch.slice(from)), ...rest];
      return;
    }
    this.#todo = this.#draws.chance(0.08) ? [batch, ...rest] : rest;
  }

  #halves(batch: Segment): Segment[] {
    if (batch.length < 2 || this.#draws.chance(0.5)) return [batch];
    const middle = Math.ceil(batch.length / 2);
    return [batch.slice(0, middle), batch.slice(middle)];
  }
}

/** @throws Error where the function names a record that it was not given. */
function indexOf(batch: Segment, id: string): number {
  const index = batch.findIndex(({ record }) => record.dynamodb?.SequenceNumber === id);
  if (index < 0) throw new Error(`the function names a record that it was not given: ${id}`);
  return index;
}

/** The mapping's filter: a session's item inserted, removed, or suspected by a touch. */
const passes = (change: Change): boolean =>
  isSuspicion(change) ||
  (sessionIdOf(change.pk) !== undefined && (change.before === undefined || change.after === undefined));
