import { expect, test } from "vitest";
import { StoreUnavailableError } from "../../src/dynamodb/errors.ts";
import type { SessionStore } from "../../src/sessions/store.ts";
import { createTestStore, liveAmong, logIn, type LoggedIn } from "../support/store.ts";

const ROUNDS = 20;
const AT_ONCE = 32;

/**
 * On a busy machine 32 turns may take longer than a login's patience. Then nothing was changed, and it logs
 * in again, as a client does after the 503.
 */
async function logInAtLast(store: SessionStore): Promise<LoggedIn> {
  for (;;) {
    try {
      return await logIn(store, "alice");
    } catch (error) {
      if (!(error instanceof StoreUnavailableError && error.effect === "none")) throw error;
    }
  }
}

test(`${AT_ONCE} logins of one user at once leave exactly one live session, in each of ${ROUNDS} rounds`, async () => {
  const { store } = await createTestStore({ clock: Date.now });
  for (let round = 0; round < ROUNDS; round++) {
    const logins = await Promise.all(Array.from({ length: AT_ONCE }, () => logInAtLast(store)));
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
