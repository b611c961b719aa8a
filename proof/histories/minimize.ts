import { onlyLooked } from "./events.ts";
import type { Operation } from "./history.ts";

/** What a smaller set of operations comes to; only `impossible` lets it stand for the larger one. */
export type Check = (operations: readonly Operation[]) => "linearizable" | "impossible" | "undecided";

export interface Minimal {
  readonly operations: readonly Operation[];
  /** The one whose answer, coming last, left no order. */
  readonly last: Operation;
}

/**
 * A smaller set of operations of which no order explains the answers either. Every step is sound: if the
 * smaller one has no order, nor has the larger one.
 *
 * The shortest prefix in time first: what was still unanswered then is kept as an operation whose outcome is
 * unknown. Then whatever only looked is left out, one after the other, where it stays impossible: an order of
 * all is an order of all but one that changed nothing. Operations that change something are never left out:
 * others may depend on them.
 */
export function minimize(operations: readonly Operation[], check: Check): Minimal | undefined {
  const answers = operations.toSorted((a, b) => a.answeredAt - b.answeredAt);
  let [known, failing] = [-1, answers.length - 1];
  while (failing - known > 1) {
    const middle = Math.floor((known + failing) / 2);
    if (check(prefix(operations, answers[middle]!)) === "impossible") failing = middle;
    else known = middle;
  }
  const last = answers[failing];
  if (last === undefined) return undefined;
  let left = prefix(operations, last);
  // The latest first: what was asked at the end mostly repeats what was known.
  for (const operation of left.toReversed()) {
    if (operation.id === last.id || !onlyLooked(operation)) continue;
    const without = left.filter((other) => other !== operation);
    if (check(without) === "impossible") left = without;
  }
  return { operations: left, last };
}

/** What had been seen when `last` was answered. */
function prefix(operations: readonly Operation[], last: Operation): Operation[] {
  return operations.flatMap((operation) => {
    if (operation.invokedAt > last.answeredAt) return [];
    if (operation.answeredAt <= last.answeredAt) return [operation];
    if (onlyLooked(operation)) return [];
    const { answer } = operation;
    const pending: Operation = { ...operation, settledAt: Infinity, answer: { answer: "lost" } };
    return [answer.answer === "loggedIn" ? { ...pending, newSession: answer.session } : pending];
  });
}
