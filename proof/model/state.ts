import type { SessionId } from "../../src/sessions/token.ts";
import type { Answer } from "./answer.ts";
import type { Database } from "./database.ts";
import type { Progress } from "./execution.ts";
import type { Item } from "./expression.ts";
import type { Request } from "./request.ts";

/** A batch under way: what has become of each of its entries; `undefined`: nothing yet. */
export type Batch = readonly ({ readonly item?: Item } | undefined)[];

/** One operation and how far it has come. */
export interface Process {
  readonly status: "waiting" | "running" | "answered" | "crashed";
  readonly progress: Progress | undefined;
  readonly batches: Readonly<Record<number, Batch>>;
  /** Which of its requests became a running transaction, and under which token. */
  readonly begun: { readonly index: number; readonly token: string } | undefined;
  /** Answers on their way. */
  readonly held: readonly { readonly index: number; readonly answer: Answer; readonly late: boolean }[];
  /** How many transactions of it took effect. */
  readonly commits: number;
  /** How often a touch of it was refused for a conflict. */
  readonly conflicts: number;
  /** The sessions of its user that were in somebody's hands, and live by its clock, when it was called. */
  readonly atCall: readonly SessionId[];
  /** The real time of its call. */
  readonly calledAt: number;
  /** It answered that it changed nothing. */
  readonly mustNotCommit: boolean;
}

/**
 * A request whose sender has given up on it or is no more. It may take effect at any later time, or never.
 */
export interface Stray {
  readonly process: number;
  readonly request: Request;
  readonly batch?: Batch;
}

/** All of the modelled world at one instant. */
export interface State {
  /** The real time, epoch milliseconds. */
  readonly time: number;
  /** How many of the scenario's leaps of time have happened. */
  readonly leaps: number;
  readonly faultsLeft: number;
  readonly database: Database;
  readonly processes: readonly Process[];
  readonly strays: readonly Stray[];
  /** Sessions whose token was given to somebody. */
  readonly out: readonly SessionId[];
  /** Sessions that an operation has answered to have ended: none may read as live again. */
  readonly ended: readonly SessionId[];
  /** The sessions that were made of each sign-in. */
  readonly made: Readonly<Record<string, readonly SessionId[]>>;
  /** Users that were disabled: none of their sessions may read as live again. */
  readonly disabled: readonly string[];
  /** Tokens for one sign-in that signed somebody in. */
  readonly tokensUsed: readonly string[];
  /** What is wrong already, whatever comes. */
  readonly wrong: string | undefined;
}

/** What stays true of what happened before. */
export type Known = Pick<State, "out" | "ended" | "made">;

export const NOTHING_KNOWN: Known = { out: [], ended: [], made: {} };

export const NOT_CALLED: Process = {
  status: "waiting",
  progress: undefined,
  batches: {},
  begun: undefined,
  held: [],
  commits: 0,
  conflicts: 0,
  atCall: [],
  calledAt: 0,
  mustNotCommit: false,
};

export function withProcess(state: State, place: number, process: Process): State {
  return { ...state, processes: state.processes.with(place, process) };
}

/** A step of the world and where it leads. */
export interface Step {
  readonly label: () => string;
  readonly state: State;
}

const numbers = new Map<string, number>();
const known = new WeakMap<object, number>();

/** A number for a piece of plain data, the same for equal ones. */
function numberOf(thing: object): number {
  let number = known.get(thing);
  if (number === undefined) {
    const text = JSON.stringify(thing);
    number = numbers.get(text) ?? numbers.size;
    numbers.set(text, number);
    known.set(thing, number);
  }
  return number;
}

/** Equal for two states from which the same can happen. */
export function keyOf(state: State): string {
  const { database, processes, strays } = state;
  const items = Object.keys(database.items)
    .sort()
    .map((place) => `${place}=${numberOf(database.items[place]!)}`);
  return JSON.stringify([
    [state.time, state.leaps, state.faultsLeft, state.wrong],
    items,
    database.running.map(numberOf).sort(),
    database.applied,
    processes.map((process) => [
      process.status,
      process.progress?.id,
      Object.entries(process.batches).map(([index, batch]) => [index, numberOf(batch)]),
      process.begun?.index,
      process.held.map(numberOf),
      process.commits,
      process.conflicts,
      process.status === "running" ? [process.atCall, process.calledAt] : 0,
      process.mustNotCommit,
    ]),
    strays.map(numberOf).sort(),
    state.out,
    state.ended,
    state.made,
    state.disabled,
    state.tokensUsed,
  ]);
}
