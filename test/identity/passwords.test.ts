import { TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import { beforeEach, describe, expect, test } from "vitest";
import { createUserDirectory } from "../../src/identity/create-user-directory.ts";
import type { UserDirectory } from "../../src/identity/directory.ts";
import { createPasswordHasher, type PasswordHasher } from "../../src/identity/password-hash.ts";
import { createPasswordSource, type PasswordOutcome } from "../../src/identity/passwords.ts";
import { trustedIdentity } from "../../src/identity/trusted.ts";
import { createDirectoryTable, createSessionsTable, testClient } from "../support/dynamodb.ts";

const documents = testClient();
const hasher = createPasswordHasher();
const PASSWORD = "correct horse battery";
let tableName: string;
let directory: UserDirectory;

beforeEach(async () => {
  tableName = await createDirectoryTable();
  directory = createUserDirectory({ documents, tableName, clock: () => 1_000 });
  const passwordHash = await hasher.hash(PASSWORD);
  await directory.add({ userName: "alice", passwordHash, isAdmin: true, permissions: ["p"] });
  await directory.add({ userName: "gone", passwordHash, isAdmin: false, permissions: [] });
  await directory.setDisabled("gone", true);
});

type Authenticated = Extract<PasswordOutcome, { outcome: "authenticated" }>;

async function authenticated(username = "alice", password = PASSWORD): Promise<Authenticated> {
  const outcome = await createPasswordSource(directory).authenticate({ username, password });
  if (outcome.outcome !== "authenticated") throw new Error("expected to be let in");
  return outcome;
}

describe("authenticating", () => {
  test("the right password gives the user as the directory has it", async () => {
    expect(await authenticated()).toMatchObject({
      user: { id: "alice", isAdmin: true, permissions: ["p"] },
      identitySource: "passwords",
      claims: {},
      checks: [{ name: "user-unchanged" }],
    });
  });

  test("a name typed in decomposed characters is the same user", async () => {
    const passwordHash = await hasher.hash(PASSWORD);
    await directory.add({ userName: "ren\u00e9", passwordHash, isAdmin: false, permissions: [] });
    expect((await authenticated("rene\u0301")).user.id).toBe("ren\u00e9");
  });

  test.each([
    ["a wrong password", "alice", "wrong horse battery"],
    ["an empty password", "alice", ""],
    ["an unknown user", "nobody", PASSWORD],
    ["a disabled user with the right password", "gone", PASSWORD],
    ["a disabled user with a wrong password", "gone", "wrong horse battery"],
    ["a name in other case", "Alice", PASSWORD],
    ["a name no user can have", "oidc:alice", PASSWORD],
    ["an empty name", "", PASSWORD],
    ["a name longer than a key", "x".repeat(5000), PASSWORD],
  ])(
    "%s is refused alike, after exactly one hashing with today's parameters",
    async (_, username, password) => {
      const hashed: string[] = [];
      const spy: PasswordHasher = {
        hash: (text) => hasher.hash(text),
        verify: (text, hash) => {
          hashed.push(`${text === password ? "as sent" : "changed"} ${hash.split("$")[3] ?? ""}`);
          return hasher.verify(text, hash);
        },
      };
      const outcome = await createPasswordSource(directory, spy).authenticate({ username, password });
      expect(outcome).toEqual({ outcome: "refused" });
      expect(hashed).toEqual(["as sent m=19456,t=2,p=1"]);
    },
  );

  test("an unknown user takes about as long as a wrong password", async ({ annotate }) => {
    const source = createPasswordSource(directory);
    const times = { wrong: [] as number[], unknown: [] as number[], disabled: [] as number[] };
    const names = { wrong: "alice", unknown: "nobody", disabled: "gone" };
    for (let round = 0; round < 9; round++) {
      for (const kind of ["wrong", "unknown", "disabled"] as const) {
        const startedAt = performance.now();
        await source.authenticate({ username: names[kind], password: "wrong horse battery" });
        times[kind].push(performance.now() - startedAt);
      }
    }
    const median = (of: number[]) => of.sort((a, b) => a - b)[Math.floor(of.length / 2)] ?? NaN;
    const [wrong, unknown, disabled] = [times.wrong, times.unknown, times.disabled].map(median);
    await annotate(`medians in ms: wrong ${wrong}, unknown ${unknown}, disabled ${disabled}`);
    // Without a hashing an answer would take a twentieth of the time; noise alone never makes a factor of
    // three.
    expect((unknown ?? NaN) / (wrong ?? NaN)).toBeGreaterThan(1 / 3);
    expect((unknown ?? NaN) / (wrong ?? NaN)).toBeLessThan(3);
    expect((disabled ?? NaN) / (wrong ?? NaN)).toBeGreaterThan(1 / 3);
  });
});

describe("the check that a login's commit carries (I5)", () => {
  async function commitWith({ checks }: Authenticated): Promise<unknown> {
    const sessionsTable = await createSessionsTable();
    const put = { Put: { TableName: sessionsTable, Item: { pk: "probe" } } };
    const actions = checks.map((check) => check.action);
    return documents.send(new TransactWriteCommand({ TransactItems: [...actions, put] })).then(
      () => "committed",
      (error: unknown) => error,
    );
  }

  test("an unchanged user gets in", async () => {
    expect(await commitWith(await authenticated())).toBe("committed");
  });

  test.each<[string, () => Promise<unknown>]>([
    ["disabled", () => directory.setDisabled("alice", true)],
    [
      "disabled and enabled again",
      async () => {
        await directory.setDisabled("alice", true);
        await directory.setDisabled("alice", false);
      },
    ],
    [
      "given a new password",
      async () => directory.setPassword("alice", await hasher.hash("another password")),
    ],
    ["given the same password anew", async () => directory.setPassword("alice", await hasher.hash(PASSWORD))],
    ["removed", () => directory.remove("alice")],
    [
      "removed and added again",
      async () => {
        await directory.remove("alice");
        const passwordHash = await hasher.hash(PASSWORD);
        await directory.add({ userName: "alice", passwordHash, isAdmin: true, permissions: ["p"] });
      },
    ],
  ])("a user %s after the password was checked does not, and the error shows no hash", async (_, change) => {
    const outcome = await authenticated();
    await change();
    const refused = await commitWith(outcome);
    expect(refused).toMatchObject({
      name: "TransactionCanceledException",
      CancellationReasons: [{ Code: "ConditionalCheckFailed" }, { Code: "None" }],
    });
    expect(JSON.stringify(refused)).not.toContain("argon2id");
  });
});

describe("the trusted identity of a direct invocation", () => {
  test("what is given is taken as given", () => {
    const claims = { tenant: "t1" };
    expect(trustedIdentity({ id: "oidc:1", isAdmin: true, permissions: ["p"], claims })).toEqual({
      user: { id: "oidc:1", isAdmin: true, permissions: ["p"] },
      claims,
      identitySource: "trusted",
      checks: [],
    });
  });

  test("what is left out is granted to nobody", () => {
    expect(trustedIdentity({ id: "x", isAdmin: undefined })).toEqual({
      user: { id: "x", isAdmin: false, permissions: [] },
      claims: {},
      identitySource: "trusted",
      checks: [],
    });
  });
});
