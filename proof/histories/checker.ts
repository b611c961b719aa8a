import { directFindings } from "./direct-checks.ts";
import { eventsOf } from "./events.ts";
import { explain } from "./explanation.ts";
import type { History, Operation } from "./history.ts";
import { invariantAtStake } from "./invariant-at-stake.ts";
import { knowledgeOf, type Knowledge } from "./timing.ts";
import { linearize, type SearchResult } from "./linearize.ts";
import { minimize } from "./minimize.ts";
import { sessionTimes } from "./session-times.ts";
import { freshUser, type UserState } from "./user-state.ts";

export type CheckResult =
  | { readonly verdict: "linearizable" }
  /**
   * `invariant` is the one that the failing answer is about, a best guess; `explanation` the minimal failing
   * history.
   */
  | { readonly verdict: "violation"; readonly invariant: string; readonly explanation: string }
  /** The search gave up. Never to be taken for a yes. */
  | { readonly verdict: "undecided"; readonly why: string };

const SEARCH_BUDGET = 200_000;
const MINIMIZING_BUDGET = 10_000;

/**
 * Whether there is an order in which the operations could have happened one by one, each between its call and
 * its answer, and be answered as they were (linearizability, Herlihy and Wing 1990), by the sequential model
 * of design section 4.
 */
export function checkHistory(history: History): CheckResult {
  const times = sessionTimes(history);
  const [finding] = directFindings(history, times);
  if (finding !== undefined) {
    const explanation = explain({ history, ...finding });
    return { verdict: "violation", invariant: finding.invariant, explanation };
  }
  let undecided: CheckResult | undefined;
  for (const userId of history.users) {
    const user = new UserCheck(history, userId, knowledgeOf(history, userId, times));
    const found = user.search(user.operations, SEARCH_BUDGET);
    if (found.result === "impossible") return user.violation();
    if (found.result === "undecided") undecided = { verdict: "undecided", why: `${userId}: ${found.why}` };
  }
  return undecided ?? { verdict: "linearizable" };
}

/** The part of a history that one user's sessions are touched by. */
class UserCheck {
  readonly operations: readonly Operation[];
  readonly #history: History;
  readonly #userId: string;
  readonly #knowledge: Knowledge;

  constructor(history: History, userId: string, knowledge: Knowledge) {
    this.#history = history;
    this.#userId = userId;
    this.#knowledge = knowledge;
    this.operations = history.operations.filter(
      (operation) => this.#eventsOf([operation]).length > 0 || operation.call.userId === userId,
    );
  }

  search(
    operations: readonly Operation[],
    budget: number,
    onTry?: (operation: Operation, state: UserState) => void,
  ): SearchResult {
    const start = freshUser(this.#knowledge.sessions.length, this.#history.credentials?.[this.#userId]);
    return linearize(this.#eventsOf(operations), start, this.#knowledge, {
      budget,
      ...(onTry !== undefined && { onTry: (event, state) => onTry(event.operation, state) }),
    });
  }

  violation(): CheckResult {
    const minimal = minimize(this.operations, (part) => this.search(part, MINIMIZING_BUDGET).result);
    const { operations, last } = minimal ?? { operations: this.operations, last: this.operations.at(-1)! };
    const states: UserState[] = [];
    this.search(operations, MINIMIZING_BUDGET, (operation, state) => {
      if (operation.id === last.id) states.push(state);
    });
    const invariant = invariantAtStake(last, operations);
    const explanation = explain({
      history: this.#history,
      invariant,
      what: `no order of these operations of ${this.#userId} explains their answers`,
      operations,
      culprit: { operation: last, states, sessions: this.#knowledge.sessions },
    });
    return { verdict: "violation", invariant, explanation };
  }

  #eventsOf(operations: readonly Operation[]) {
    const isOfUser = (session: string): boolean => this.#knowledge.indexOf(session) !== undefined;
    return eventsOf(operations, this.#userId, isOfUser);
  }
}
