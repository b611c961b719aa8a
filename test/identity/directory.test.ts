import { beforeEach, describe, expect, test } from "vitest";
import { createUserDirectory } from "../../src/identity/create-user-directory.ts";
import type { UserDirectory } from "../../src/identity/directory.ts";
import { userNameProblem } from "../../src/identity/user-name.ts";
import { StoreUnavailableError } from "../../src/dynamodb/errors.ts";
import { createDirectoryTable, sdkDocumentClient, testClient } from "../support/dynamodb.ts";
import { disturbRequests } from "./disturbed-client.ts";

const documents = testClient();
let tableName: string;
let directory: UserDirectory;
let now: number;

const ALICE = { userName: "alice", passwordHash: "hash-1", isAdmin: false, permissions: ["reports.read"] };

beforeEach(async () => {
  tableName = await createDirectoryTable();
  now = 1_000;
  directory = createUserDirectory({ documents, tableName, clock: () => now });
});

async function versionOf(userName: string): Promise<string | undefined> {
  return (await directory.get(userName))?.credentialsVersion;
}

describe("adding", () => {
  test("an added user is found, without the hash", async () => {
    expect(await directory.add(ALICE)).toBe("added");
    expect(await directory.get("alice")).toEqual({
      userName: "alice",
      isAdmin: false,
      permissions: ["reports.read"],
      disabled: false,
      credentialsVersion: expect.stringMatching(/^[\w-]{22}$/) as string,
      createdAt: 1_000,
      updatedAt: 1_000,
    });
    expect((await directory.getWithPasswordHash("alice"))?.passwordHash).toBe("hash-1");
  });

  test("a name that is taken is refused and its user unchanged", async () => {
    await directory.add(ALICE);
    const before = await directory.getWithPasswordHash("alice");
    expect(await directory.add({ ...ALICE, passwordHash: "hash-2", isAdmin: true })).toBe("exists");
    expect(await directory.getWithPasswordHash("alice")).toEqual(before);
  });

  test("of two at once, one is added and one exists", async () => {
    for (let round = 0; round < 10; round++) {
      const user = { ...ALICE, userName: `user-${round}` };
      const outcomes = await Promise.all([directory.add(user), directory.add(user)]);
      expect(outcomes.sort()).toEqual(["added", "exists"]);
    }
  });

  test("an answer that was lost is still recognized as added", async () => {
    const client = sdkDocumentClient();
    let lost = 0;
    const sent = disturbRequests(client, () => (lost++ === 0 ? "lose-answer" : "none"));
    const unlucky = createUserDirectory({ documents: client, tableName, clock: () => now });
    expect(await unlucky.add(ALICE)).toBe("added");
    expect(sent).toEqual(["PutItem", "PutItem"]);
  });

  test.each([
    ["a name with a colon", { ...ALICE, userName: "a:b" }],
    ["an empty name", { ...ALICE, userName: "" }],
    ["too many permissions", { ...ALICE, permissions: ["x".repeat(1100)] }],
  ])("%s is an error and nothing is written", async (_, user) => {
    await expect(directory.add(user)).rejects.toThrow(RangeError);
    expect(await directory.list()).toEqual([]);
  });
});

describe("changing", () => {
  test("disabling makes the credentials version a fresh one, enabling leaves it", async () => {
    await directory.add(ALICE);
    const first = await versionOf("alice");
    now = 2_000;
    expect(await directory.setDisabled("alice", true)).toBe("changed");
    const disabled = await directory.get("alice");
    expect(disabled).toMatchObject({ disabled: true, createdAt: 1_000, updatedAt: 2_000 });
    expect(disabled?.credentialsVersion).not.toBe(first);
    expect(await directory.setDisabled("alice", false)).toBe("changed");
    expect(await directory.get("alice")).toMatchObject({
      disabled: false,
      credentialsVersion: disabled?.credentialsVersion,
    });
  });

  test("a new password replaces the hash and the credentials version and nothing else", async () => {
    await directory.add(ALICE);
    const before = await directory.get("alice");
    expect(await directory.setPassword("alice", "hash-2")).toBe("changed");
    const after = await directory.getWithPasswordHash("alice");
    expect(after?.passwordHash).toBe("hash-2");
    expect(after?.user.credentialsVersion).not.toBe(before?.credentialsVersion);
    expect(after?.user).toEqual({ ...before, credentialsVersion: after?.user.credentialsVersion });
  });

  test("a removed user is gone", async () => {
    await directory.add(ALICE);
    expect(await directory.remove("alice")).toBe("changed");
    expect(await directory.get("alice")).toBeUndefined();
  });

  test.each(["nobody", "", "a:b", "x".repeat(3000)])(
    "a user who is not there is not found and not created: %.20s",
    async (name) => {
      expect(await directory.setDisabled(name, true)).toBe("not-found");
      expect(await directory.setDisabled(name, false)).toBe("not-found");
      expect(await directory.setPassword(name, "hash-2")).toBe("not-found");
      expect(await directory.remove(name)).toBe("not-found");
      expect(await directory.get(name)).toBeUndefined();
      expect(await directory.getWithPasswordHash(name)).toBeUndefined();
      expect(await directory.list()).toEqual([]);
    },
  );

  test("a write that meets a running transaction waits and goes through", async () => {
    await directory.add(ALICE);
    const client = sdkDocumentClient();
    let conflicts = 3;
    disturbRequests(client, () =>
      conflicts-- > 0 ? { refuseWith: "TransactionConflictException" } : "none",
    );
    const waits: number[] = [];
    const sleep = (milliseconds: number) => Promise.resolve(waits.push(milliseconds));
    const busy = createUserDirectory({ documents: client, tableName, clock: () => now, sleep });
    expect(await busy.setDisabled("alice", true)).toBe("changed");
    expect(waits).toHaveLength(3);
    expect((await directory.get("alice"))?.disabled).toBe(true);
  });
});

describe("reading many", () => {
  test("250 names take three consistent requests and find exactly those that exist", async () => {
    const names = Array.from({ length: 250 }, (_, index) => `user-${index}`);
    const there = names.filter((_, index) => index % 2 === 0);
    await Promise.all(
      there.map((userName, index) => directory.add({ ...ALICE, userName, isAdmin: index === 0 })),
    );
    const client = sdkDocumentClient();
    const sent = disturbRequests(client);
    const counted = createUserDirectory({ documents: client, tableName, clock: () => now });
    const found = await counted.getMany([...names, "user-0", "oidc:user-1", ""]);
    expect([...found.keys()].sort()).toEqual([...there].sort());
    expect(found.get("user-0")).toEqual(await directory.get("user-0"));
    expect(sent).toEqual(["BatchGetItem", "BatchGetItem", "BatchGetItem"]);
  });

  test("no names take no request", async () => {
    const client = sdkDocumentClient();
    const sent = disturbRequests(client);
    const counted = createUserDirectory({ documents: client, tableName, clock: () => now });
    expect(await counted.getMany([])).toEqual(new Map());
    expect(sent).toEqual([]);
  });

  test("a list over several pages is whole and sorted", async () => {
    const large = "h".repeat(300_000);
    const names = ["delta", "alpha", "echo", "bravo", "charlie"];
    for (const userName of names) await directory.add({ ...ALICE, userName, passwordHash: large });
    const client = sdkDocumentClient();
    const sent = disturbRequests(client);
    const counted = createUserDirectory({ documents: client, tableName, clock: () => now });
    const users = await counted.list();
    expect(users.map((user) => user.userName)).toEqual(["alpha", "bravo", "charlie", "delta", "echo"]);
    expect(sent.length).toBeGreaterThan(1);
    expect(JSON.stringify(users)).not.toContain("hhh");
  });
});

describe("without a database", () => {
  const unreachable = createUserDirectory({
    documents: testClient({ endpoint: "http://127.0.0.1:9", tries: 1 }),
    tableName: "users",
    clock: () => 0,
    sleep: () => Promise.resolve(),
    stopwatch: (() => {
      let elapsed = 0;
      return () => (elapsed += 3000);
    })(),
  });

  test.each([
    ["get", () => unreachable.get("alice")],
    ["getWithPasswordHash", () => unreachable.getWithPasswordHash("alice")],
    ["getMany", () => unreachable.getMany(["alice"])],
    ["list", () => unreachable.list()],
    ["add", () => unreachable.add(ALICE)],
    ["setDisabled", () => unreachable.setDisabled("alice", true)],
    ["setPassword", () => unreachable.setPassword("alice", "hash")],
    ["remove", () => unreachable.remove("alice")],
  ])("%s says so, and that nothing was changed", async (_, call) => {
    const error: unknown = await (call as () => Promise<unknown>)().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(StoreUnavailableError);
    expect(error).toMatchObject({ effect: "none" });
  });

  test("a write whose every answer was lost says that the outcome is unknown", async () => {
    await directory.add(ALICE);
    const client = sdkDocumentClient({ maxAttempts: 1 });
    disturbRequests(client, () => "lose-answer");
    const deaf = createUserDirectory({ documents: client, tableName, clock: () => now });
    await expect(deaf.setDisabled("alice", true)).rejects.toMatchObject({
      name: "StoreUnavailableError",
      effect: "unknown",
    });
    expect((await directory.get("alice"))?.disabled).toBe(true);
  });

  test("a table that does not exist is a fault, not an outage", async () => {
    const lost = createUserDirectory({ documents, tableName: "no-such-table", clock: () => now });
    await expect(lost.get("alice")).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    await expect(lost.add(ALICE)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });
});

describe("what a user name may be", () => {
  test.each(["alice", "a", "Ünïcode", "with space", "a@example.com", "x".repeat(512)])(
    "accepted: %.20s",
    (name) => expect(userNameProblem(name)).toBeUndefined(),
  );

  test.each([
    ["", "empty"],
    ["a:b", "colon"],
    [" alice", "white space"],
    ["alice\u00a0", "white space"],
    ["al\nice", "control characters"],
    ["al\u2028ice", "line breaks"],
    ["al\u0000ice", "control characters"],
    ["e\u0301", "NFC"],
    ["\ud800", "well-formed"],
    ["x".repeat(513), "512"],
    ["ü".repeat(257), "512"],
  ])("refused with a reason: %j (%s)", (name, reason) => expect(userNameProblem(name)).toContain(reason));
});
