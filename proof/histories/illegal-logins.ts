import {
  askLogin,
  dead,
  live,
  login,
  lostLogin,
  pair,
  deny,
  ask,
  NOTHING,
  limitOf,
  type IllegalCase,
} from "./hand-made.ts";

/** What no right login answers: who may have how many sessions, and what happens at the limit. */
export const ILLEGAL_LOGINS: readonly IllegalCase[] = [
  {
    invariant: "I4",
    name: "a displaced session called live again",
    timed: [
      [0, 10, login("a")],
      [20, 30, login("b", { displaced: ["a"] })],
      [40, 50, live("a")],
    ],
  },
  {
    invariant: "I4",
    name: "two sessions at once where one is the limit",
    timed: [
      [0, 10, login("a")],
      [20, 30, login("b")],
      [40, 50, live("a")],
      [40, 50, live("b")],
    ],
  },
  {
    invariant: "I4",
    name: "two logins at once that both say that they displaced nobody",
    timed: [
      [0, 50, login("a")],
      [0, 50, login("b")],
    ],
  },
  {
    invariant: "I4",
    name: "two logins at once that displaced the same session",
    timed: [
      [0, 10, login("a")],
      [20, 50, login("b", { displaced: ["a"] })],
      [20, 50, login("c", { displaced: ["a"] })],
    ],
  },
  {
    invariant: "I5",
    name: "a session dead for one reason, and then for another that nothing gave it",
    timed: [
      [0, 10, login("a")],
      [20, 90, login("b", { displaced: ["a"] })],
      [30, 50, dead("a", "displaced")],
      [45, 60, live("a")],
      [55, 70, dead("a", "logged_out")],
    ],
  },
  {
    invariant: "I4",
    name: "more displaced than needed",
    timed: [
      [0, 10, login("a", pair)],
      [20, 30, login("b", pair)],
      [40, 50, login("c", { ...pair, displaced: ["a", "b"] })],
    ],
  },
  {
    invariant: "I4",
    name: "one displaced that was seen later than one that stays",
    timed: [
      [0, 10, login("a", { ...pair, idleExpiresAt: 1000 })],
      [20, 30, login("b", { ...pair, idleExpiresAt: 1020 })],
      [40, 50, login("c", { ...pair, displaced: ["b"] })],
    ],
  },
  {
    invariant: "I4",
    name: "a login displaces under deny",
    timed: [
      [0, 10, login("a", deny)],
      [20, 30, login("b", { ...deny, displaced: ["a"] })],
    ],
  },
  {
    invariant: "I4",
    name: "a list at the limit that misses a live session",
    timed: [
      [0, 10, login("a", ask)],
      [20, 30, login("b", ask)],
      [40, 50, askLogin(limitOf("a"), { ...ask, limit: 1 })],
    ],
  },
  {
    invariant: "I4",
    name: "a refusal below the limit",
    timed: [
      [0, 10, login("a", ask)],
      [40, 50, askLogin(limitOf("a"), ask)],
    ],
  },
  {
    invariant: "I6",
    name: "a refused login that ended somebody",
    timed: [
      [0, 10, login("a", deny)],
      [20, 30, askLogin(limitOf("a"), deny)],
      [40, 50, dead("a", "displaced")],
    ],
  },
  {
    invariant: "I6",
    name: "a login that failed with nothing changed, and displaced all the same",
    timed: [
      [0, 10, login("a")],
      [20, 30, askLogin(NOTHING, {}, "b")],
      [40, 50, dead("a", "displaced")],
    ],
  },
  {
    invariant: "I4",
    name: "a login without an answer that takes effect after it is settled",
    timed: [
      [0, 10, login("a")],
      [20, 30, lostLogin("b"), 40],
      [50, 60, live("a")],
      [70, 80, login("c", { displaced: ["b"] })],
    ],
  },
];
