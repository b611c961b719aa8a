import { beforeAll, describe, expect, test } from "vitest";
import { createUserDirectory } from "../../src/identity/create-user-directory.ts";
import type { UserDirectory } from "../../src/identity/directory.ts";
import { createUserManagement, type UserManagement } from "../../src/identity/manage-users.ts";
import { createPasswordSource, type PasswordSource } from "../../src/identity/passwords.ts";
import { createSessionStore } from "../../src/sessions/create-session-store.ts";
import { NO_LIMIT } from "../../src/sessions/policy.ts";
import type { LoginOutcome, SessionStore } from "../../src/sessions/store.ts";
import type { SessionToken } from "../../src/sessions/token.ts";
import { cheapHasher } from "../support/cheap-hash.ts";
import { createDirectoryTable, createSessionsTable, testClient } from "../support/dynamodb.ts";

const PASSWORD = "correct horse battery";
const OTHER_PASSWORD = "another horse battery";

let directory: UserDirectory;
let sessions: SessionStore;
let management: UserManagement;
let source: PasswordSource;

beforeAll(async () => {
  const documents = testClient();
  directory = createUserDirectory({ documents, tableName: await createDirectoryTable(), clock: Date.now });
  sessions = createSessionStore({
    documents,
    tableName: await createSessionsTable(),
    settings: { era: "1", timeouts: { idle: 600_000, absolute: 3_600_000 }, logoutAllSessions: true },
  });
  management = createUserManagement({ directory, sessions, hasher: cheapHasher() });
  source = createPasswordSource(directory);
});

async function addUser(userName: string): Promise<void> {
  await management.addUser({ userName, password: PASSWORD, isAdmin: false, permissions: [] });
}

/** A login that is held between the check of the password and the commit until `meanwhile` is over. */
async function logIn(userName: string, meanwhile?: () => Promise<unknown>): Promise<LoginOutcome> {
  const identity = await source.authenticate({ username: userName, password: PASSWORD });
  if (identity.outcome === "refused") return { outcome: "check-failed", check: "password" };
  await meanwhile?.();
  return sessions.login({
    ...identity,
    device: { label: "Chrome on Windows", class: "desktop" },
    policy: NO_LIMIT,
  });
}

async function token(userName: string): Promise<SessionToken> {
  const login = await logIn(userName);
  if (login.outcome !== "logged-in") throw new Error(`expected to be logged in, was ${login.outcome}`);
  return login.token;
}

const CHANGES: [string, string, (userName: string) => Promise<unknown>][] = [
  ["disabled", "rule:user-disabled", (userName) => management.disableUser(userName)],
  ["given a new password", "rule:password-changed", (name) => management.setPassword(name, OTHER_PASSWORD)],
  ["removed", "rule:user-removed", (userName) => management.removeUser(userName)],
];

describe.each(CHANGES)("a user who was %s", (change, rule, carryOut) => {
  test("has no session left, and each ending names the rule", async () => {
    const userName = `ended by ${change}`;
    await addUser(userName);
    await addUser(`other than ${change}`);
    const tokens = [await token(userName), await token(userName)];
    const other = await token(`other than ${change}`);

    expect(await carryOut(userName)).toEqual({ outcome: "changed", sessionCount: 2 });

    for (const each of tokens) {
      expect(await sessions.validate(each)).toMatchObject({
        outcome: "ended",
        ending: { userId: userName, reason: "revoked", endedBy: rule },
      });
    }
    expect(await sessions.validate(other)).toMatchObject({ outcome: "live" });
  });

  test("does not get in by a login that had already checked the password (I5)", async () => {
    const userName = `paused while ${change}`;
    await addUser(userName);
    expect(await logIn(userName, () => carryOut(userName))).toEqual({
      outcome: "check-failed",
      check: "user-unchanged",
    });
  });

  test("has no live session when the change and five logins ran at the same time", async () => {
    const loginCount = 5;
    let loggedIn = 0;
    // The change begins once so many logins have answered: before, among and after the commits.
    for (let answeredFirst = 0; answeredFirst <= loginCount; answeredFirst++) {
      const userName = `raced ${change} ${answeredFirst}`;
      await addUser(userName);
      const allChecked = Promise.withResolvers<undefined>();
      const mayChange = Promise.withResolvers<undefined>();
      let checked = 0;
      let answered = 0;
      const logins = Array.from({ length: loginCount }, async () => {
        const outcome = await logIn(userName, () => {
          if (++checked === loginCount) allChecked.resolve(undefined);
          return allChecked.promise;
        });
        if (++answered === answeredFirst) mayChange.resolve(undefined);
        return outcome;
      });
      if (answeredFirst === 0) mayChange.resolve(undefined);
      const changed = Promise.all([allChecked.promise, mayChange.promise]).then(() => carryOut(userName));
      const [outcomes] = await Promise.all([Promise.all(logins), changed]);
      for (const outcome of outcomes) {
        if (outcome.outcome !== "logged-in") continue;
        loggedIn++;
        expect(await sessions.validate(outcome.token)).toMatchObject({ outcome: "ended" });
      }
    }
    expect(loggedIn).toBeGreaterThanOrEqual(loginCount);
  });
});
