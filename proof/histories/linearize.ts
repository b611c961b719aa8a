import { onlyLooked, type Event } from "./events.ts";
import type { Knowledge } from "./timing.ts";
import { TooManyPossibilitiesError } from "./login-step.ts";
import { meanwhile } from "./revoke-steps.ts";
import { step } from "./sequential-model.ts";
import { stateKey, type UserState } from "./user-state.ts";

export type SearchResult =
  | { readonly result: "linearizable" }
  /** No order explains the answers. */
  | { readonly result: "impossible" }
  | { readonly result: "undecided"; readonly why: string };

export interface SearchOptions {
  /** How many states are looked into before giving up. */
  readonly budget: number;
  /** Told of each state in which an event could have come next by the times. */
  readonly onTry?: (event: Event, state: UserState) => void;
}

/**
 * Looks for an order of the events that respects their times and in which every answer is possible: Wing and
 * Gong's search, with Lowe's memory of the configurations (which events are placed, and the state) that are
 * known to lead nowhere.
 */
export function linearize(
  events: readonly Event[],
  start: UserState,
  knowledge: Knowledge,
  { budget, onTry }: SearchOptions,
): SearchResult {
  const hopeless = new Set<string>();
  // Trying first what was answered first finds an order at once in most histories that have one.
  const byEnd = [...events.keys()].toSorted((a, b) => events[a]!.to - events[b]!.to);
  let left = budget;

  /** Whether the rest can be placed after `placed`, which leads to `state`. */
  function search(placed: bigint, latestStart: number, state: UserState): boolean {
    const isPlaced = (index: number): boolean => ((placed >> BigInt(index)) & 1n) === 1n;
    const unplaced = byEnd.filter((index) => !isPlaced(index));
    const bound = unplaced.find((index) => !events[index]!.isOptional);
    if (bound === undefined) return true;
    const key = `${placed.toString(36)}|${stateKey(state)}`;
    if (hopeless.has(key)) return false;
    if (left-- <= 0) throw new BudgetSpentError();

    const earliestEnd = events[bound]!.to;
    const next = unplaced.filter((index) => {
      const event = events[index]!;
      const follows = event.after === undefined || isPlaced(event.after);
      // Whoever must be placed ends after this begins; what is optional can no longer come once its time is
      // over.
      return follows && event.from <= earliestEnd && (!event.isOptional || event.to >= latestStart);
    });
    const now = meanwhile(state, latestStart, knowledge);
    const tries = next.map((index) => {
      const event = events[index]!;
      onTry?.(event, now);
      return { index, event, states: statesAfter(event, now) };
    });
    const free = tries.find(({ event, states }) => isFree(event, states, state, next));
    const chosen = free === undefined ? tries : [free];
    const found = chosen.some(({ index, event, states }) =>
      states.some((after) =>
        search(placed | (1n << BigInt(index)), Math.max(latestStart, event.from), after),
      ),
    );
    if (!found) hopeless.add(key);
    return found;
  }

  function statesAfter(event: Event, now: UserState): UserState[] {
    const states = new Map(step(now, event, knowledge).map((after) => [stateKey(after), after]));
    return [...states.values()];
  }

  /**
   * A look that tells nothing new may as well come now: in any order with it later, it can be moved here. Not
   * so what could change something later (enabling a user who is enabled), nor where something optional would
   * then come too late.
   */
  function isFree(
    { from, operation, isOptional }: Event,
    states: readonly UserState[],
    state: UserState,
    next: readonly number[],
  ): boolean {
    const [only, another] = states;
    if (isOptional || !onlyLooked(operation) || only === undefined || another !== undefined) return false;
    if (stateKey(only) !== stateKey(state) || state.revoking.length > 0) return false;
    return !next.some((index) => events[index]!.isOptional && events[index]!.to < from);
  }

  try {
    return { result: search(0n, -Infinity, start) ? "linearizable" : "impossible" };
  } catch (error) {
    if (error instanceof BudgetSpentError) {
      return { result: "undecided", why: `${budget} states were looked into without an end` };
    }
    if (error instanceof TooManyPossibilitiesError) {
      return {
        result: "undecided",
        why: "a login without an answer may have ended too many sets of sessions",
      };
    }
    throw error;
  }
}

class BudgetSpentError extends Error {
  override readonly name = "BudgetSpentError";
}
