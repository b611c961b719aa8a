import { ONE_SESSION } from "../../src/sessions/policy.ts";
import type { LoginRequest, SessionStore } from "../../src/sessions/store.ts";
import { endingKey, rosterKey, sessionKey } from "../../src/sessions/table.ts";
import type { SessionId } from "../../src/sessions/token.ts";
import { deviceOf, itemsOf, sessionOf, tokenOf, userIdOf, userOf } from "./population.ts";

/** What brings a table back to what it was. No key is in it twice. */
export interface Undo {
  readonly put: readonly Record<string, unknown>[];
  readonly remove: readonly { readonly pk: string }[];
}

/** Whom an operation is done to. */
export type Subjects = "users" | "displaced" | "newcomers";

export interface Operation {
  readonly name: string;
  readonly subjects: Subjects;
  /** How many users one call takes. */
  readonly users: number;
  /** How often it is done in a round, for each table. */
  readonly samples: number;
  /**
   * Does it. @throws Error where it came out otherwise than it must, for then something else was measured.
   */
  readonly run: (store: SessionStore, users: readonly number[]) => Promise<Undo>;
}

const NOTHING: Undo = { put: [], remove: [] };
const PAGE = 50;
const ACTOR = "admin@example.com";

const loginOf = (number: number): LoginRequest => ({
  user: userOf(number),
  identitySource: "trusted",
  device: { ...deviceOf(number + 1) },
  policy: ONE_SESSION,
});

const idOf = (number: number): SessionId => sessionOf(number).id;

async function logIn(store: SessionStore, number: number, displaces: number): Promise<SessionId> {
  const outcome = await store.login(loginOf(number));
  if (outcome.outcome !== "logged-in" || outcome.displaced.length !== displaces)
    throw new Error(`a login was ${JSON.stringify(outcome)}`);
  return outcome.session.id;
}

async function validate(store: SessionStore, number: number, expected: "live" | "ended"): Promise<void> {
  const { outcome } = await store.validate(tokenOf(number));
  if (outcome !== expected) throw new Error(`a token was ${outcome} and not ${expected}`);
}

function requireCount(what: string, count: number, expected: number): void {
  if (count !== expected) throw new Error(`${what}: ${count} and not ${expected}`);
}

/** Brings a user back whose session was ended. */
const bringBack = (number: number): Undo => ({
  put: itemsOf(number),
  remove: [endingKey(idOf(number))],
});

const single = (users: readonly number[]): number => {
  const [user] = users;
  if (user === undefined) throw new Error("there is no user");
  return user;
};

export const OPERATIONS: readonly Operation[] = [
  {
    name: "validate, live",
    subjects: "users",
    users: 1,
    samples: 30,
    run: async (store, users) => {
      await validate(store, single(users), "live");
      return NOTHING;
    },
  },
  {
    name: "validate, displaced",
    subjects: "displaced",
    users: 1,
    samples: 20,
    run: async (store, users) => {
      await validate(store, single(users), "ended");
      return NOTHING;
    },
  },
  {
    name: "login, first",
    subjects: "newcomers",
    users: 1,
    samples: 15,
    run: async (store, users) => {
      const id = await logIn(store, single(users), 0);
      return { put: [], remove: [sessionKey(id), rosterKey(userIdOf(single(users)))] };
    },
  },
  {
    name: "login that displaces",
    subjects: "users",
    users: 1,
    samples: 15,
    run: async (store, users) => {
      const id = await logIn(store, single(users), 1);
      const { put, remove } = bringBack(single(users));
      return { put, remove: [...remove, sessionKey(id)] };
    },
  },
  {
    name: "first page of a user's sessions",
    subjects: "users",
    users: 1,
    samples: 15,
    run: async (store, users) => {
      const page = await store.listUser(userIdOf(single(users)), { limit: PAGE });
      requireCount("a user's sessions", page.items.length, 1);
      return NOTHING;
    },
  },
  {
    name: `first page of everybody's (${PAGE})`,
    subjects: "users",
    users: 1,
    samples: 8,
    run: async (store) => {
      const page = await store.listAll({ limit: PAGE });
      requireCount("a page of sessions", page.items.length, PAGE);
      return NOTHING;
    },
  },
  {
    name: "revoke of 10 users",
    subjects: "users",
    users: 10,
    samples: 6,
    run: async (store, users) => {
      const { loggedOut } = await store.revoke({ userIds: users.map(userIdOf), revokedBy: ACTOR });
      requireCount(
        "sessions ended",
        loggedOut.reduce((sum, { sessionCount }) => sum + sessionCount, 0),
        users.length,
      );
      const undone = users.map(bringBack);
      return { put: undone.flatMap(({ put }) => put), remove: undone.flatMap(({ remove }) => remove) };
    },
  },
];

/** Makes a user's token a displaced one. The login that does it stays. */
export async function displace(store: SessionStore, number: number): Promise<void> {
  await logIn(store, number, 1);
}
