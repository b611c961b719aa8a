import { expect } from "vitest";
import { StoreUnavailableError } from "../../src/dynamodb/errors.ts";
import type { SessionStore } from "../../src/sessions/store.ts";
import { createTestStore, liveAmong, logIn, type LoggedIn } from "./store.ts";

export const AT_ONCE = 32;

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

/** Logs one user in many times at once, round after round: each round must leave exactly one live session. */
export async function raceLogins(rounds: number): Promise<void> {
  const { store } = await createTestStore({ clock: Date.now });
  for (let round = 0; round < rounds; round++) {
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
}
