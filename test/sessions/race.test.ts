import { expect, test } from "vitest";
import { createTestStore, liveAmong, logIn } from "../support/store.ts";

const ROUNDS = 20;
const AT_ONCE = 32;

test(`${AT_ONCE} logins of one user at once leave exactly one live session, in each of ${ROUNDS} rounds`, async () => {
  // By a stopwatch that stands, patience does not end: on a busy machine 32 turns may take longer than it.
  const { store } = await createTestStore({ clock: Date.now, stopwatch: () => 0 });
  for (let round = 0; round < ROUNDS; round++) {
    const logins = await Promise.all(Array.from({ length: AT_ONCE }, () => logIn(store, "alice")));
    const tokens = logins.map(({ token }) => token);
    const [winner, ...more] = await liveAmong(store, tokens);
    expect({ round, more }).toEqual({ round, more: [] });

    // Every session but the winner was displaced once, by a login that says so.
    const displaced = logins.flatMap((login) => login.displaced.map(({ id }) => id));
    const losers = logins.filter((_, index) => index !== winner).map(({ session }) => session.id);
    expect(displaced.filter((id) => losers.includes(id)).toSorted()).toEqual(losers.toSorted());
    expect(new Set(displaced).size).toBe(displaced.length);
  }
}, 300_000);
