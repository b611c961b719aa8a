import { sum } from "d3-array";
import type { SessionStore } from "../../src/sessions/store.ts";
import { endingKey, rosterKey, sessionKey } from "../../src/sessions/table.ts";
import type { SessionId } from "../../src/sessions/token.ts";
import { expect } from "../support/rounds.ts";
import { logIn, type Item } from "../support/seed.ts";
import type { GrowthUser } from "./population.ts";

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
  readonly run: (store: SessionStore, users: readonly GrowthUser[]) => Promise<readonly SessionId[]>;
  /** Whether it ends the users' sessions, or makes one. */
  readonly changes?: true;
}

const PAGE = 50;

/** An operation on one user. */
const onOne =
  (run: (store: SessionStore, user: GrowthUser) => Promise<SessionId | undefined>): Operation["run"] =>
  async (store, users) => {
    const made = await Promise.all(users.map((user) => run(store, user)));
    return made.filter((id) => id !== undefined);
  };
const validate = (expected: "live" | "ended"): Operation["run"] =>
  onOne(async (store, { token }) => {
    expect((await store.validate(token)).outcome, expected);
    return undefined;
  });

/** A login from another device. */
export async function logInElsewhere(store: SessionStore, user: GrowthUser, displaced: number) {
  const who = { user: user.session.user, device: user.nextDevice };
  return (await logIn(store, user.userId, displaced, who)).session.id;
}
const logInDisplacing = (displaced: number): Operation["run"] =>
  onOne((store, user) => logInElsewhere(store, user, displaced));

export const OPERATIONS: readonly Operation[] = [
  { name: "validate, live", subjects: "users", share: 100, run: validate("live") },
  { name: "validate, displaced", subjects: "displaced", share: 70, run: validate("ended") },
  { name: "login, first", subjects: "newcomers", share: 50, run: logInDisplacing(0), changes: true },
  { name: "login that displaces", subjects: "users", share: 50, run: logInDisplacing(1), changes: true },
  {
    name: "first page of a user's sessions",
    ...{ subjects: "users", share: 50 },
    run: onOne(async (store, { userId }) => {
      expect((await store.listUser(userId, { limit: PAGE })).items.length, 1);
      return undefined;
    }),
  },
  {
    name: `first page of everybody's (${PAGE})`,
    ...{ subjects: "users", share: 30 },
    run: onOne(async (store) => {
      expect((await store.listAll({ limit: PAGE })).items.length, PAGE);
      return undefined;
    }),
  },
  {
    name: "revoke of 10 users",
    ...{ subjects: "users", users: 10, share: 20, changes: true },
    async run(store, users) {
      const userIds = users.map(({ userId }) => userId);
      const { loggedOut, unfinished } = await store.revoke({ userIds, revokedBy: "admin@example.com" });
      expect(
        sum(loggedOut, ({ sessionCount }) => sessionCount),
        userIds.length,
      );
      expect(unfinished.length, 0);
      return [];
    },
  },
];

/** What brings a table back to what it was before a call. */
export function undoOf(
  { subjects, changes }: Operation,
  users: readonly GrowthUser[],
  made: readonly SessionId[],
): { readonly put: readonly Item[]; readonly remove: readonly { readonly pk: string }[] } {
  const remove = made.map(sessionKey);
  if (changes !== true) return { put: [], remove: [] };
  return subjects === "newcomers"
    ? { put: [], remove: [...remove, ...users.map(({ userId }) => rosterKey(userId))] }
    : {
        put: users.flatMap(({ items }) => items),
        remove: [...remove, ...users.map(({ session }) => endingKey(session.id))],
      };
}
