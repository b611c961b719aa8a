import { expect, test } from "vitest";
import {
  adminLogout,
  askLogin,
  dead,
  endOthers,
  historyOf,
  live,
  login,
  logout,
  type Timed,
} from "./hand-made.ts";
import { meanwhile } from "./revoke-steps.ts";
import { step, type Part } from "./sequential-model.ts";
import { sessionTimes } from "./session-times.ts";
import { knowledgeOf } from "./timing.ts";
import { ending, EXISTS, freshUser, GONE, type UserState } from "./user-state.ts";

/**
 * The states after the operations, one after the other; each is a step of the parts given, or one whole step.
 */
function statesAfter(
  timed: readonly Timed[],
  parts: Readonly<Record<number, readonly Part[]>> = {},
  skewMs = 0,
) {
  const history = historyOf(timed, { skewMs });
  const knowledge = knowledgeOf(history, "alice", sessionTimes(history));
  const start = freshUser(knowledge.sessions.length, "first");
  return history.operations.reduce<UserState[]>(
    (states, operation) =>
      (parts[operation.id] ?? ["whole"]).reduce(
        (left, part) =>
          left.flatMap((state) =>
            step(meanwhile(state, operation.invokedAt, knowledge), { operation, part }, knowledge),
          ),
        states,
      ),
    [start],
  );
}

const masksOf = (states: readonly UserState[]) => states.map(({ masks }) => [...masks]);
const THREE = { limit: 3 } as const;

test("a login under limit one leaves itself, and ends the other as displaced", () => {
  const states = statesAfter([
    [0, 1, login("a")],
    [2, 3, login("b", { displaced: ["a"] })],
  ]);
  expect(masksOf(states)).toEqual([[ending("displaced"), EXISTS]]);
});

test("a login that lists a session which had ended before has no next state", () => {
  const states = statesAfter([
    [0, 1, login("a")],
    [2, 3, logout("a")],
    [4, 5, login("b", { displaced: ["a"] })],
  ]);
  expect(states).toEqual([]);
});

test("a refused login leaves the state as it was", () => {
  const before: Timed[] = [[0, 1, login("a", THREE)]];
  const refused = askLogin({ answer: "limit", sessions: ["a"] }, { limit: 1, atLimit: "deny" });
  expect(statesAfter([...before, [2, 3, refused]])).toEqual(statesAfter(before));
});

test("a logout of all by a live token ends all, and by a dead one nothing", () => {
  const two: Timed[] = [
    [0, 1, login("a", THREE)],
    [2, 3, login("b", THREE)],
  ];
  const loggedOut = ending("logged_out");
  expect(masksOf(statesAfter([...two, [4, 5, logout("a")]]))).toEqual([[loggedOut, loggedOut]]);
  const alone: Timed[] = [...two, [4, 5, logout("a", false)], [6, 7, logout("a")]];
  expect(masksOf(statesAfter(alone))).toEqual([[loggedOut, EXISTS]]);
});

test("ending the others spares the caller and counts exactly", () => {
  const of = (count: number): Timed[] => [
    [0, 1, login("a", THREE)],
    [2, 3, login("b", THREE)],
    [4, 5, endOthers("b", { answer: "done", count })],
  ];
  expect(masksOf(statesAfter(of(1)))).toEqual([[ending("logged_out"), EXISTS]]);
  expect(statesAfter(of(2))).toEqual([]);
});

test("a bulk revoke under way leaves open which of its sessions have ended, and none once it has answered", () => {
  const timed: Timed[] = [
    [0, 1, login("a", THREE)],
    [2, 30, adminLogout()],
    [3, 4, login("b", THREE)],
  ];
  const revoked = ending("revoked");
  expect(masksOf(statesAfter(timed, { 1: ["revokeBegins"] }))).toEqual([[EXISTS | revoked, EXISTS]]);
  expect(masksOf(statesAfter(timed, { 1: ["revokeBegins", "revokeEnds"] }))).toEqual([[revoked, EXISTS]]);
  const seen: Timed[] = [...timed, [5, 6, dead("a", "revoked")]];
  expect(masksOf(statesAfter(seen, { 1: ["revokeBegins"] }))).toEqual([[revoked, EXISTS]]);
});

test("a session near its timeout may be counted by one login and dropped by another", () => {
  const near: Timed[] = [[0, 1, login("a", { idleExpiresAt: 1000 })]];
  const dropped = statesAfter([...near, [950, 951, login("b")]], {}, 100);
  expect(masksOf(dropped)).toEqual([[GONE, EXISTS]]);
  const counted = statesAfter([...near, [950, 951, login("b", { displaced: ["a"] })]], {}, 100);
  expect(masksOf(counted)).toEqual([[ending("displaced"), EXISTS]]);
});

test("a question answered live rules out that the session had ended, and the other way round", () => {
  const unseen: Timed[] = [
    [0, 1, login("a", { idleExpiresAt: 1000, limit: 2 })],
    [950, 951, login("b", { limit: 2 })],
  ];
  expect(masksOf(statesAfter(unseen, {}, 100))).toEqual([[EXISTS | GONE, EXISTS]]);
  expect(masksOf(statesAfter([...unseen, [960, 961, live("a")]], {}, 100))).toEqual([[EXISTS, EXISTS]]);
  expect(masksOf(statesAfter([...unseen, [960, 961, dead("a", "unknown")]], {}, 100))).toEqual([
    [GONE, EXISTS],
  ]);
});
