import type { Answer } from "./answer.ts";
import { readItem, readTogether, writeItem, writeTogether, type Database } from "./database.ts";
import type { Item } from "./expression.ts";
import { askOf, placeOf, type Ask, type Request } from "./request.ts";
import type { Batch, Process, State } from "./state.ts";

/** A way in which a request gets on: a part of it is done, or all of it, and then there is an answer. */
export interface RequestTurn {
  readonly process: Process;
  readonly database: Database;
  readonly answer?: Answer;
  /** Faults that it takes. */
  readonly costs?: number;
}

/** How often a touch may meet a running transaction and be told so, without that being a fault. */
const CONFLICTS_OF_A_TOUCH = 1;

const output = (more: Record<string, unknown>): Answer => ({ answer: "output", output: more });

/**
 * All ways in which a request of an operation may get on now. One that meets a running transaction waits: to
 * be told of the conflict and to send the same again comes to the same, and where the operation does
 * otherwise, it is told.
 */
export function turnsOf(state: State, place: number, request: Request): RequestTurn[] {
  const { database } = state;
  const process = state.processes[place]!;
  const ask = askOf(request);
  switch (ask.ask) {
    case "read":
      return readItem(database, ask.place).map((read) => ({
        process,
        database: read.database,
        answer: output(read.item === undefined ? {} : { Item: read.item }),
      }));
    case "read-together":
      return readTogether(database, ask.places).flatMap((turn) => withConflict(state, process, turn));
    case "write":
      return writeItem(database, ask.write).flatMap((turn) => {
        if (turn.answer.answer !== "conflict") return [{ process, ...turn }];
        if (process.conflicts >= CONFLICTS_OF_A_TOUCH) return [];
        return [{ process: { ...process, conflicts: process.conflicts + 1 }, ...turn }];
      });
    case "write-together":
      return writeTogether(database, ask.writes, ask.token).flatMap((turn): RequestTurn[] => {
        if (turn.answer !== "begun") return withConflict(state, process, { ...turn, answer: turn.answer });
        const begun = { index: request.index, token: ask.token };
        return [{ process: { ...process, begun, commits: process.commits + 1 }, database: turn.database }];
      });
    case "read-each":
      return readEach(state, process, request, ask);
    case "write-each":
      return writeEach(state, process, request, ask);
  }
}

function withConflict(
  { faultsLeft }: State,
  process: Process,
  turn: { readonly database: Database; readonly answer: Answer },
): RequestTurn[] {
  const { answer } = turn;
  const isConflict =
    answer.answer === "in-progress" ||
    (answer.answer === "cancelled" && !answer.reasons.some(({ Code }) => Code === "ConditionalCheckFailed"));
  if (!isConflict) return [{ process, ...turn }];
  return faultsLeft > 0 ? [{ process, ...turn, costs: 1 }] : [];
}

const started = (process: Process, { index }: Request, size: number): Batch =>
  process.batches[index] ?? Array.from({ length: size }, () => undefined);

const withBatch = (process: Process, { index }: Request, batch: Batch): Process => ({
  ...process,
  batches: { ...process.batches, [index]: batch },
});

/** The entries of a batch, each at its own time. */
function readEach(
  { database }: State,
  process: Process,
  request: Request,
  { keys }: Extract<Ask, { ask: "read-each" }>,
): RequestTurn[] {
  const batch = started(process, request, keys.length);
  return keys.flatMap(({ table, key }, which) => {
    if (batch[which] !== undefined) return [];
    return readItem(database, placeOf(table, key)).map(({ database: after, item }): RequestTurn => {
      const next = batch.with(which, item === undefined ? {} : { item });
      const turn = { process: withBatch(process, request, next), database: after };
      if (next.includes(undefined)) return turn;
      return { ...turn, answer: output({ Responses: found(keys, next), UnprocessedKeys: {} }) };
    });
  });
}

/** What was found of each table. */
function found(keys: readonly { readonly table: string }[], batch: Batch): Record<string, Item[]> {
  const responses: Record<string, Item[]> = {};
  for (const [which, { table }] of keys.entries()) {
    const item = batch[which]?.item;
    responses[table] = [...(responses[table] ?? []), ...(item === undefined ? [] : [item])];
  }
  return responses;
}

function writeEach(
  state: State,
  process: Process,
  request: Request,
  { table, entries }: Extract<Ask, { ask: "write-each" }>,
): RequestTurn[] {
  const batch = started(process, request, entries.length);
  const turns = entryWrites(state.database, request, batch).map(({ database, batch: next }): RequestTurn => {
    const turn = { process: withBatch(process, request, next), database };
    return next.includes(undefined) ? turn : { ...turn, answer: output({ UnprocessedItems: {} }) };
  });
  if (state.faultsLeft > 0) {
    const left = entries.filter((_, which) => batch[which] === undefined);
    const answer = output({ UnprocessedItems: { [table]: left } });
    turns.push({ process, database: state.database, answer, costs: 1 });
  }
  return turns;
}

function entryWrites(
  database: Database,
  request: Request,
  batch: Batch,
): { readonly database: Database; readonly batch: Batch }[] {
  const ask = askOf(request);
  if (ask.ask !== "write-each") return [];
  return ask.writes.flatMap((write, which) => {
    if (batch[which] !== undefined) return [];
    return writeItem(database, write)
      .filter(({ answer }) => answer.answer === "output")
      .map((turn) => ({ database: turn.database, batch: batch.with(which, {}) }));
  });
}

/** What a stray request may still do, though nobody waits for its answer. */
export function strayTurns(state: State, which: number): State[] {
  const { database, strays } = state;
  const stray = strays[which]!;
  const others = strays.filter((_, other) => other !== which);
  const ask = askOf(stray.request);
  switch (ask.ask) {
    case "write":
      return writeItem(database, ask.write)
        .filter(({ answer }) => answer.answer !== "conflict")
        .map((turn) => ({ ...state, database: turn.database, strays: others }));
    case "write-together":
      return writeTogether(database, ask.writes, ask.token)
        .filter(({ answer }) => answer === "begun")
        .map((turn) => {
          const sender = state.processes[stray.process]!;
          const processes = state.processes.with(stray.process, { ...sender, commits: sender.commits + 1 });
          return { ...state, database: turn.database, strays: others, processes };
        });
    case "write-each": {
      const batch = stray.batch ?? Array.from({ length: ask.writes.length }, () => undefined);
      return entryWrites(database, stray.request, batch).map((turn) => ({
        ...state,
        database: turn.database,
        strays: turn.batch.includes(undefined) ? [...others, { ...stray, batch: turn.batch }] : others,
      }));
    }
    case "read":
    case "read-together":
    case "read-each":
      return [];
  }
}
