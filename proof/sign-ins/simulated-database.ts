import {
  EMPTY,
  finished,
  readItem,
  readTogether,
  withItem,
  writeItem,
  writeTogether,
  type Database,
} from "../model/database.ts";
import type { Answer } from "../model/answer.ts";
import type { Sent } from "../model/execution.ts";
import type { Item } from "../model/expression.ts";
import { askOf, placeOf } from "../model/request.ts";
import type { Draws } from "../../test/support/seeded.ts";

/** A request under way. */
export interface Pending {
  readonly sent: Sent;
  /** Of a batch, what has become of each of its entries. */
  readonly batch: ({ readonly item?: Item } | undefined)[];
  /** The token under which it became a running transaction. */
  begun?: string;
}

const output = (more: Record<string, unknown>): Answer => ({ answer: "output", output: more });

/**
 * The model's database, whose choices chance makes: a transaction is applied item by item, a batch is carried
 * out entry by entry, and between any two of them others may come.
 */
export class SimulatedDatabase {
  now: Database = EMPTY;
  readonly #draws: Draws;

  constructor(draws: Draws) {
    this.#draws = draws;
  }

  /**
   * Carries out a part of a request.
   * @returns its answer, where that is all of it.
   */
  advance(pending: Pending): Answer | undefined {
    if (pending.begun !== undefined) {
      this.now = finished(this.now, pending.begun);
      return output({});
    }
    const ask = askOf(pending.sent.request);
    switch (ask.ask) {
      case "read": {
        const item = this.#read(ask.place);
        return output(item === undefined ? {} : { Item: item });
      }
      case "read-together":
        return this.#take(readTogether(this.now, ask.places));
      case "write":
        return this.#take(writeItem(this.now, ask.write));
      case "write-together": {
        const { database, answer } = this.#draws.pick(writeTogether(this.now, ask.writes, ask.token));
        this.now = database;
        if (answer !== "begun") return answer;
        pending.begun = ask.token;
        return undefined;
      }
      case "read-each": {
        const which = this.#unread(pending, ask.keys.length);
        const { table, key } = ask.keys[which]!;
        const item = this.#read(placeOf(table, key));
        pending.batch[which] = item === undefined ? {} : { item };
        return this.#isWhole(pending, ask.keys.length) ? foundIn(ask.keys, pending.batch) : undefined;
      }
      case "write-each": {
        const which = this.#unread(pending, ask.writes.length);
        const { answer } = this.#taken(writeItem(this.now, ask.writes[which]!));
        if (answer.answer === "output") pending.batch[which] = {};
        return this.#isWhole(pending, ask.writes.length) ? output({ UnprocessedItems: {} }) : undefined;
      }
    }
  }

  /** Removes up to so many expired items, as TTL may at any time. */
  removeExpired(time: number, most: number): void {
    const held = new Set(this.now.running.flatMap(({ parts }) => parts.map(({ place }) => place)));
    const expired = Object.entries(this.now.items).flatMap(([place, { ttl }]) =>
      !held.has(place) && (ttl as number) * 1000 <= time ? [place] : [],
    );
    for (let removed = 0; removed < most && expired.length > 0; removed++) {
      const [place = ""] = expired.splice(this.#draws.whole(0, expired.length - 1), 1);
      this.now = { ...this.now, items: withItem(this.now.items, place, undefined) };
    }
  }

  #read(place: string): Item | undefined {
    const { database, item } = this.#draws.pick(readItem(this.now, place));
    this.now = database;
    return item;
  }

  #taken<Turn extends { readonly database: Database }>(turns: readonly Turn[]): Turn {
    const turn = this.#draws.pick(turns);
    this.now = turn.database;
    return turn;
  }

  #take(turns: readonly { readonly database: Database; readonly answer: Answer }[]): Answer {
    return this.#taken(turns).answer;
  }

  #unread({ batch }: Pending, size: number): number {
    return this.#draws.pick(
      Array.from({ length: size }, (_, which) => which).filter((which) => !batch[which]),
    );
  }

  #isWhole({ batch }: Pending, size: number): boolean {
    return Array.from({ length: size }, (_, which) => batch[which]).every((entry) => entry !== undefined);
  }
}

function foundIn(keys: readonly { readonly table: string }[], batch: Pending["batch"]): Answer {
  const responses: Record<string, Item[]> = {};
  for (const [which, { table }] of keys.entries()) {
    const item = batch[which]?.item;
    if (item !== undefined) (responses[table] ??= []).push(item);
  }
  return output({ Responses: responses, UnprocessedKeys: {} });
}
