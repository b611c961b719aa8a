import type { Answer, Reason } from "./answer.ts";
import { holds, updated, type Item, type Placeholders } from "./expression.ts";

/** `table|key`: which item of which table. */
export type Place = string;

/** What a running transaction has still to do to an item, which until then refuses every other write. */
export interface Part {
  readonly place: Place;
  /** `undefined` as the item: it is deleted. A check changes nothing and holds the item all the same. */
  readonly change: { readonly after: Item | undefined } | "check";
}

/** A transaction whose conditions all held: it takes effect for certain, item by item. */
export interface Running {
  readonly token: string;
  readonly parts: readonly Part[];
}

/** The whole state of the database, as plain data that is never changed in place. */
export interface Database {
  readonly items: Readonly<Record<Place, Item>>;
  readonly running: readonly Running[];
  /**
   * Request tokens of transactions that went through: sent again, they are answered and not applied again.
   */
  readonly applied: readonly string[];
}

export const EMPTY: Database = { items: {}, running: [], applied: [] };

/** One way a request may turn out; there are several where a transaction is running. */
export interface Turn {
  readonly database: Database;
  readonly answer: Answer;
}

export interface Write extends Placeholders {
  readonly place: Place;
  readonly ConditionExpression?: string | undefined;
  readonly ReturnValuesOnConditionCheckFailure?: string | undefined;
  /** What becomes of the item; `check`: nothing. */
  readonly change: "check" | "delete" | { readonly put: Item } | { readonly set: string; readonly key: Item };
}

/** The part of a running transaction that holds an item. */
const partAt = (database: Database, place: Place): Part | undefined =>
  database.running.flatMap(({ parts }) => parts).find((part) => part.place === place);

/** The items with another one in a place, or without one. */
export function withItem(items: Database["items"], place: Place, after: Item | undefined): Database["items"] {
  if (after !== undefined) return { ...items, [place]: after };
  return Object.fromEntries(Object.entries(items).filter(([other]) => other !== place));
}

/** Carries out what a running transaction has to do to one item, and so lets go of the item. */
function applied(database: Database, place: Place): Database {
  const part = partAt(database, place);
  if (part === undefined) return database;
  return {
    ...database,
    items: part.change === "check" ? database.items : withItem(database.items, place, part.change.after),
    running: database.running.map((running) =>
      running.parts.includes(part)
        ? { ...running, parts: running.parts.filter((other) => other !== part) }
        : running,
    ),
  };
}

/** Completes a running transaction. */
export function finished(database: Database, token: string): Database {
  const running = database.running.find((one) => one.token === token);
  const done = (running?.parts ?? []).reduce((now, { place }) => applied(now, place), database);
  return {
    ...done,
    running: done.running.filter((one) => one.token !== token),
    applied: [...done.applied, token],
  };
}

/**
 * A consistent read of one item: beside a running transaction it finds the item of before or of after. What a
 * transaction has done to each item is decided when somebody looks, which is as good as deciding it at every
 * instant.
 */
export function readItem(database: Database, place: Place): { database: Database; item: Item | undefined }[] {
  const before = { database, item: database.items[place] };
  const part = partAt(database, place);
  if (part === undefined || part.change === "check") return [before];
  const after = applied(database, place);
  return [before, { database: after, item: after.items[place] }];
}

/**
 * A transactional read: all items as of one instant, or refused while one of them is in a running
 * transaction.
 */
export function readTogether(database: Database, places: readonly Place[]): Turn[] {
  const held = places.filter((place) => isHeldForWriting(database, place));
  const clear = held.reduce(applied, database);
  const output = { Responses: places.map((place) => responseOf(clear.items[place])) };
  const read: Turn = { database: clear, answer: { answer: "output", output } };
  const reasons = places.map((place): Reason => ({
    Code: held.includes(place) ? "TransactionConflict" : "None",
  }));
  return held.length === 0 ? [read] : [read, { database, answer: { answer: "cancelled", reasons } }];
}

function isHeldForWriting(database: Database, place: Place): boolean {
  const part = partAt(database, place);
  return part !== undefined && part.change !== "check";
}

const responseOf = (item: Item | undefined): { Item?: Item } => (item === undefined ? {} : { Item: item });

/** A write of one item: refused while the item is in a running transaction. */
export function writeItem(database: Database, write: Write): Turn[] {
  const isHeld = partAt(database, write.place) !== undefined;
  const clear = applied(database, write.place);
  const item = clear.items[write.place];
  const turn: Turn = isMet(write, item)
    ? { database: changed(clear, write), answer: { answer: "output", output: {} } }
    : { database: clear, answer: { answer: "condition-failed", ...returned(write, item, "item") } };
  return isHeld ? [turn, { database, answer: { answer: "conflict" } }] : [turn];
}

const isMet = (write: Write, item: Item | undefined): boolean =>
  write.ConditionExpression === undefined || holds(write.ConditionExpression, item, write);

function returned<Name extends string>(
  write: Write,
  item: Item | undefined,
  name: Name,
): Partial<Record<Name, Item>> {
  if (write.ReturnValuesOnConditionCheckFailure !== "ALL_OLD" || item === undefined) return {};
  return { [name]: item } as Partial<Record<Name, Item>>;
}

function changed(database: Database, write: Write): Database {
  const part = partOf(database, write);
  if (part.change === "check") return database;
  return { ...database, items: withItem(database.items, write.place, part.change.after) };
}

function partOf(database: Database, { place, change, ...placeholders }: Write): Part {
  if (change === "check") return { place, change };
  if (change === "delete") return { place, change: { after: undefined } };
  if ("put" in change) return { place, change: { after: change.put } };
  const before = database.items[place] ?? change.key;
  return { place, change: { after: updated(change.set, before, placeholders) } };
}

/** `begun`: the transaction runs, and is answered when it has finished. */
export type TransactTurn = Turn | { readonly database: Database; readonly answer: "begun" };

/**
 * A transactional write. Each item that another transaction holds is let go of before, or makes a conflict; a
 * conflict beside a failed condition is told with it.
 */
export function writeTogether(database: Database, writes: readonly Write[], token: string): TransactTurn[] {
  if (database.applied.includes(token)) return [{ database, answer: { answer: "output", output: {} } }];
  if (database.running.some((running) => running.token === token))
    return [{ database, answer: { answer: "in-progress" } }];
  if (new Set(writes.map(({ place }) => place)).size < writes.length)
    return [{ database, answer: { answer: "invalid", problem: "an item is in the transaction twice" } }];

  const held = writes.map(({ place }) => place).filter((place) => partAt(database, place) !== undefined);
  const turns: TransactTurn[] = held.length === 0 ? [] : [conflict(database, writes, held)];
  for (const stillHeld of subsets(held)) {
    const clear = held.filter((place) => !stillHeld.includes(place)).reduce(applied, database);
    const reasons = writes.map((write): Reason => {
      if (stillHeld.includes(write.place)) return { Code: "TransactionConflict" };
      const item = clear.items[write.place];
      if (isMet(write, item)) return { Code: "None" };
      return { Code: "ConditionalCheckFailed", ...returned(write, item, "Item") };
    });
    if (reasons.some(({ Code }) => Code === "ConditionalCheckFailed")) {
      turns.push({ database: clear, answer: { answer: "cancelled", reasons } });
    } else if (stillHeld.length === 0) {
      const running = { token, parts: writes.map((write) => partOf(clear, write)) };
      turns.push({ database: { ...clear, running: [...clear.running, running] }, answer: "begun" });
    }
  }
  return turns;
}

function conflict(database: Database, writes: readonly Write[], held: readonly Place[]): Turn {
  const reasons = writes.map(({ place }): Reason => ({
    Code: held.includes(place) ? "TransactionConflict" : "None",
  }));
  return { database, answer: { answer: "cancelled", reasons } };
}

const subsets = (places: readonly Place[]): Place[][] =>
  places.reduce<Place[][]>((all, place) => [...all, ...all.map((subset) => [...subset, place])], [[]]);
