import { randomBytes } from "node:crypto";
import { BatchWriteCommand, DeleteCommand, paginateScan } from "@aws-sdk/lib-dynamodb";
import { failuresKey } from "../../src/identity/sign-in-table.ts";
import { addressSubject, userSubject } from "../../src/identity/throttle-keys.ts";
import { NO_LIMIT, ONE_SESSION, type SessionPolicy } from "../../src/sessions/policy.ts";
import { endingKey, rosterKey, sessionIdInKey, sessionKey } from "../../src/sessions/table.ts";
import { SessionToken } from "../../src/sessions/token.ts";
import { cheapHash } from "../../test/support/cheap-hash.ts";
import { MINUTE, type Service } from "./service.ts";

/** A session that inputs can present, by its name. */
export interface Person {
  readonly userId: string;
  readonly token: string;
  readonly sessionId: string;
}

/** The sessions in the table, whether or not they are expired, with their users. */
export type SessionsInTable = ReadonlyMap<string, string>;

/**
 * Users, their passwords, their sessions, and the tokens of some that have ended. No input has anything of
 * `victim`'s.
 */
export interface People {
  person(name: string): Person;
  password(userId: string): string;
  /** All that nobody but its owner may ever be told: tokens and passwords. */
  readonly secrets: () => readonly string[];
  /**
   * Gives everybody a session again who has lost it, so that each input meets the same situation: the table
   * as it then is.
   */
  restore(): Promise<SessionsInTable>;
  /** The table as it is, by a consistent scan. */
  look(): Promise<SessionsInTable>;
  /** Forgets what attempts to sign in failed. */
  forgiveFailures(): Promise<void>;
}

/** Who has a live session, by the name of the session: whose, and how many milliseconds ago it began. */
const LIVE = {
  alice: { userId: "alice", ageMs: 0 },
  "alice-phone": { userId: "alice", ageMs: 0 },
  admin: { userId: "admin", ageMs: 0 },
  staff: { userId: "staff", ageMs: 0 },
  dora: { userId: "dora", ageMs: 0 },
  old: { userId: "old", ageMs: 20 * MINUTE },
  victim: { userId: "victim", ageMs: 0 },
} as const;
const EXPIRED = { userId: "edith", ageMs: 31 * MINUTE } as const;
export const LIVE_NAMES = Object.keys(LIVE).filter((name) => name !== "victim");
export const DEAD_NAMES = ["expired", "displaced", "logged-out", "revoked", "unknown"];
interface Granted {
  readonly isAdmin?: boolean;
  readonly permissions?: readonly string[];
}
const USERS = {
  alice: {},
  dora: {},
  old: {},
  victim: {},
  admin: { isAdmin: true },
  staff: { permissions: ["single_session.logout"] },
} satisfies Record<string, Granted>;
export const USER_NAMES = Object.keys(USERS);
/** Where requests come from, but for those from elsewhere. */
export const ADDRESSES = ["192.0.2.1", "2001:db8::1"];
/** Items in the table above which leftovers' items are removed: each input scans it. */
const MOST_ITEMS = 150;

export async function createPeople({ storeOf, directory, tables }: Service): Promise<People> {
  const { documents, sessions: tableName } = tables;
  const people = new Map<string, Person>();
  const passwords = new Map(USER_NAMES.map((name) => [name, `secret-of-${randomBytes(12).toString("hex")}`]));
  let inTable: SessionsInTable = new Map();
  const freshUntil = new Map<string, number>();

  const person = (name: string): Person => people.get(name) ?? raise(`there is no session named ${name}`);
  const toPerson = (userId: string, token: SessionToken): Person => ({
    userId,
    token: token.reveal(),
    sessionId: token.sessionId("1"),
  });

  async function begin(name: string, userId: string, ageMs: number): Promise<void> {
    people.set(name, toPerson(userId, await logIn(userId, NO_LIMIT, ageMs)));
    freshUntil.set(name, Date.now() - ageMs + 28 * MINUTE);
  }

  async function logIn(userId: string, policy: SessionPolicy, ageMs = 0): Promise<SessionToken> {
    const granted: Granted = (USERS as Record<string, Granted>)[userId] ?? {};
    const outcome = await storeOf(ageMs).login({
      user: { id: userId, isAdmin: false, permissions: [], ...granted },
      identitySource: "passwords",
      device: { label: "Chrome on Windows", class: "desktop" },
      policy,
    });
    if (outcome.outcome !== "logged-in") throw new Error(`login answered ${outcome.outcome}`);
    return outcome.token;
  }

  async function makeDead(): Promise<void> {
    const store = storeOf();
    const displaced = await logIn("ghost1", ONE_SESSION);
    const loggedOut = await logIn("ghost2", ONE_SESSION);
    const revoked = await logIn("ghost3", ONE_SESSION);
    await logIn("ghost1", ONE_SESSION);
    await store.logout(loggedOut);
    await store.revoke({ userIds: ["ghost3"], revokedBy: "operator" });
    people.set("displaced", toPerson("ghost1", displaced));
    people.set("logged-out", toPerson("ghost2", loggedOut));
    people.set("revoked", toPerson("ghost3", revoked));
    people.set("unknown", toPerson("nobody", SessionToken.generate()));
  }

  async function look(): Promise<SessionsInTable> {
    const sessions = new Map<string, string>();
    const leftovers: string[] = [];
    let items = 0;
    const kept = new Set([...people.values()].flatMap(keysOf));
    const scan = { TableName: tableName, ConsistentRead: true, ProjectionExpression: "pk, userId" };
    for await (const page of paginateScan({ client: documents }, scan)) {
      for (const { pk, userId } of (page.Items ?? []) as { pk: string; userId?: string }[]) {
        items++;
        if (!kept.has(pk)) leftovers.push(pk);
        if (userId !== undefined) sessions.set(sessionIdInKey(pk), userId);
      }
    }
    inTable = sessions;
    if (items > MOST_ITEMS) toRemove = leftovers;
    return sessions;
  }
  let toRemove: readonly string[] = [];

  async function removeLeftovers(): Promise<void> {
    for (let start = 0; start < toRemove.length; start += 25) {
      const batch = toRemove.slice(start, start + 25).map((pk) => ({ DeleteRequest: { Key: { pk } } }));
      await documents.send(new BatchWriteCommand({ RequestItems: { [tableName]: batch } }));
    }
    toRemove = [];
    await look();
  }

  await Promise.all(
    Object.entries(USERS).map(([userName, granted]) => {
      const passwordHash = cheapHash(passwords.get(userName) ?? "");
      return directory.add({ userName, passwordHash, isAdmin: false, permissions: [], ...granted });
    }),
  );
  await makeDead();

  return {
    person,
    password: (userId) => passwords.get(userId) ?? raise(`there is no password of ${userId}`),
    secrets: () => [...[...people.values()].map(({ token }) => token), ...passwords.values()],
    look,
    async restore() {
      if (toRemove.length > 0) await removeLeftovers();
      const missing = Object.entries({ ...LIVE, expired: EXPIRED }).filter(([name]) => {
        const known = people.get(name);
        const isThere = known !== undefined && inTable.has(known.sessionId);
        return !isThere || (name !== "expired" && Date.now() > (freshUntil.get(name) ?? 0));
      });
      for (const [name, { userId, ageMs }] of missing) await begin(name, userId, ageMs);
      return missing.length > 0 ? look() : inTable;
    },
    async forgiveFailures() {
      const subjects = [...USER_NAMES.map(userSubject), ...[...ADDRESSES, undefined].map(addressSubject)];
      for (const subject of subjects) {
        await documents.send(new DeleteCommand({ TableName: tables.signIn, Key: failuresKey(subject) }));
      }
    },
  };
}

const keysOf = ({ userId, sessionId }: Person): string[] =>
  [sessionKey(sessionId), rosterKey(userId), endingKey(sessionId)].map(({ pk }) => pk);

function raise(message: string): never {
  throw new Error(message);
}
