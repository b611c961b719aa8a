import { ONE_SESSION } from "../../src/sessions/policy.ts";
import type { SessionStore } from "../../src/sessions/store.ts";
import { endingKey, rosterKey, sessionKey } from "../../src/sessions/table.ts";
import type { SessionId } from "../../src/sessions/token.ts";
import type { Item } from "../support/seed.ts";
import { deviceOf, itemsOf, sessionOf, tokenOf, userIdOf, userOf } from "./population.ts";

export interface Operation {
  readonly name: string;
  /** Whom it is done to. */
  readonly subjects: "users" | "displaced" | "newcomers";
  /** How many users one call takes; 1 unless given. */
  readonly users?: number;
  /** Calls of a block for each hundred of the others. */
  readonly share: number;
  /**
   * Does it. @returns the sessions that it made, if any.
   * @throws Error where it came out otherwise than it must, for then something else was measured.
   */
  readonly run: (store: SessionStore, users: readonly number[]) => Promise<readonly SessionId[]>;
  /** Whether it ends the users' sessions, or makes one. */
  readonly changes?: true;
}

const PAGE = 50;
const expectCount = (what: string, count: number, expected: number): void => {
  if (count !== expected) throw new Error(`${what}: ${count} and not ${expected}`);
};

/** A login from another device. */
export async function logIn(store: SessionStore, number: number, displaces: number): Promise<SessionId[]> {
  const outcome = await store.login({
    user: userOf(number),
    identitySource: "trusted",
    device: deviceOf(number + 1),
    policy: ONE_SESSION,
  });
  if (outcome.outcome !== "logged-in") throw new Error(`a login was ${JSON.stringify(outcome)}`);
  expectCount("sessions displaced", outcome.displaced.length, displaces);
  return [outcome.session.id];
}

const validate =
  (expected: "live" | "ended"): Operation["run"] =>
  async (store, [user = NaN]) => {
    const { outcome } = await store.validate(tokenOf(user));
    if (outcome !== expected) throw new Error(`a token was ${outcome} and not ${expected}`);
    return [];
  };

export const OPERATIONS: readonly Operation[] = [
  { name: "validate, live", subjects: "users", share: 100, run: validate("live") },
  { name: "validate, displaced", subjects: "displaced", share: 70, run: validate("ended") },
  {
    name: "login, first",
    subjects: "newcomers",
    share: 50,
    run: (store, [user = NaN]) => logIn(store, user, 0),
    changes: true,
  },
  {
    name: "login that displaces",
    subjects: "users",
    share: 50,
    run: (store, [user = NaN]) => logIn(store, user, 1),
    changes: true,
  },
  {
    name: "first page of a user's sessions",
    subjects: "users",
    share: 50,
    async run(store, [user = NaN]) {
      const page = await store.listUser(userIdOf(user), { limit: PAGE });
      expectCount("a user's sessions", page.items.length, 1);
      return [];
    },
  },
  {
    name: `first page of everybody's (${PAGE})`,
    subjects: "users",
    share: 30,
    async run(store) {
      const page = await store.listAll({ limit: PAGE });
      expectCount("a page of sessions", page.items.length, PAGE);
      return [];
    },
  },
  {
    name: "revoke of 10 users",
    subjects: "users",
    users: 10,
    share: 20,
    async run(store, users) {
      const userIds = users.map(userIdOf);
      const { loggedOut, unfinished } = await store.revoke({ userIds, revokedBy: "admin@example.com" });
      const ended = loggedOut.reduce((sum, { sessionCount }) => sum + sessionCount, 0);
      expectCount("sessions ended", ended, userIds.length);
      expectCount("users left over", unfinished.length, 0);
      return [];
    },
    changes: true,
  },
];

/** What brings a table back to what it was before a call. */
export function undoOf(
  { subjects, changes }: Operation,
  users: readonly number[],
  made: readonly SessionId[],
): { readonly put: readonly Item[]; readonly remove: readonly { readonly pk: string }[] } {
  if (changes !== true) return { put: [], remove: [] };
  return subjects === "newcomers"
    ? { put: [], remove: [...made.map(sessionKey), ...users.map((user) => rosterKey(userIdOf(user)))] }
    : {
        put: users.flatMap(itemsOf),
        remove: [...made.map(sessionKey), ...users.map((user) => endingKey(sessionOf(user).id))],
      };
}
