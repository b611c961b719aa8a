import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NO_LIMIT } from "../../src/sessions/policy.ts";
import type { SessionToken } from "../../src/sessions/token.ts";
import { testDatabaseEndpoint } from "../support/database-endpoint.ts";
import { testClient } from "../support/dynamodb.ts";
import { Gate, startDynamoDbProxy, throttled, type DynamoDbProxy } from "../support/dynamodb-proxy.ts";
import { createTestStore, liveAmong, logIn, loginRequest, MINUTE, user } from "../support/store.ts";

const MANY = { policy: NO_LIMIT };
let proxy: DynamoDbProxy;

beforeAll(async () => {
  proxy = await startDynamoDbProxy(testDatabaseEndpoint());
});
afterAll(() => proxy.stop());

const revokedBy = "admin";
/** The administrators' logout of a thousand is in `test/stack`; this many make no batch come out even. */
const USERS = 230;

test("ends all sessions of the users named, says how many, and leaves others alone", async () => {
  const { store } = await createTestStore();
  const alice = [await logIn(store, "alice", MANY), await logIn(store, "alice", MANY)];
  const [bob, carol] = [await logIn(store, "bob"), await logIn(store, "carol")];
  expect(await store.revoke({ userIds: ["alice", "bob", "nobody", "alice"], revokedBy })).toEqual({
    loggedOut: [
      { userId: "alice", sessionCount: 2 },
      { userId: "bob", sessionCount: 1 },
      { userId: "nobody", sessionCount: 0 },
    ],
    spared: [],
    unfinished: [],
  });
  expect(
    await liveAmong(
      store,
      [...alice, bob, carol].map(({ token }) => token),
    ),
  ).toEqual([3]);
  expect(await store.validate(bob.token)).toMatchObject({
    outcome: "ended",
    ending: { reason: "revoked", endedBy: "admin", userId: "bob" },
  });
});

test("a dry run answers the same as the revoke after it, and ends nothing", async () => {
  const { store, documents, tableName } = await createTestStore();
  const alice = [await logIn(store, "alice", MANY), await logIn(store, "alice", MANY)];
  await logIn(store, "root", { user: user("root", { isAdmin: true }) });
  const request = {
    ...{ userIds: ["alice", "root", "nobody"], revokedBy },
    spare: (_: string, sessions: readonly { user: { isAdmin: boolean } }[]) =>
      sessions.some((session) => session.user.isAdmin),
  };
  const items = async () => (await documents.send(new ScanCommand({ TableName: tableName }))).Items;
  const before = await items();
  const would = await store.revoke({ ...request, dryRun: true });
  expect(await items()).toEqual(before);
  expect(
    await liveAmong(
      store,
      alice.map(({ token }) => token),
    ),
  ).toEqual([0, 1]);
  expect(would).toEqual(await store.revoke(request));
  expect(would).toMatchObject({ spared: ["root"], unfinished: [] });
});

test("an idle session is removed but not counted", async () => {
  const { store, clock } = await createTestStore();
  const { token } = await logIn(store, "alice");
  clock.advance(30 * MINUTE);
  expect(await store.revoke({ userIds: ["alice"], revokedBy })).toMatchObject({
    loggedOut: [{ userId: "alice", sessionCount: 0 }],
  });
  expect(await store.validate(token)).toEqual({ outcome: "unknown" });
});

test("a user who is spared keeps the sessions", async () => {
  const { store } = await createTestStore();
  const admin = await logIn(store, "root", { user: user("root", { isAdmin: true }) });
  const alice = await logIn(store, "alice");
  const spare = (_: string, sessions: readonly { user: { isAdmin: boolean } }[]) =>
    sessions.some((s) => s.user.isAdmin);
  expect(await store.revoke({ userIds: ["root", "alice"], revokedBy, spare })).toEqual({
    loggedOut: [{ userId: "alice", sessionCount: 1 }],
    spared: ["root"],
    unfinished: [],
  });
  expect(await liveAmong(store, [admin.token, alice.token])).toEqual([0]);
});

test("a user logs in as usual afterwards", async () => {
  const { store } = await createTestStore();
  await logIn(store, "alice");
  await store.revoke({ userIds: ["alice"], revokedBy });
  const { token, displaced } = await logIn(store, "alice");
  expect(displaced).toEqual([]);
  expect(await liveAmong(store, [token])).toEqual([0]);
});

describe("of hundreds of users with one to three sessions each", () => {
  test("all are gone when it answers, no index is read, and the requests are as few as they can be", async () => {
    proxy.interfere(() => undefined);
    const { another } = await createTestStore();
    const direct = another({});
    const store = another({ documents: testClient({ endpoint: proxy.endpoint }) });
    const userIds = Array.from({ length: USERS }, (_, index) => `user-${index}`);
    const tokens: SessionToken[] = [];
    await Promise.all(
      Array.from({ length: 16 }, async (_, worker) => {
        for (let index = worker; index < userIds.length; index += 16) {
          for (let i = 0; i <= index % 3; i++)
            tokens.push((await logIn(direct, userIds[index]!, MANY)).token);
        }
      }),
    );
    const before = proxy.answered.length;
    const result = await store.revoke({ userIds, revokedBy });
    const requests = proxy.answered.slice(before).map(({ operation }) => operation);

    expect(result.loggedOut.map(({ sessionCount }) => sessionCount)).toEqual(
      userIds.map((_, index) => (index % 3) + 1),
    );
    expect(result.unfinished).toEqual([]);
    expect(await liveAmong(direct, tokens)).toEqual([]);
    const count = (name: string): number => requests.filter((operation) => operation === name).length;
    expect(new Set(requests)).toEqual(new Set(["BatchGetItem", "BatchWriteItem"]));
    // DynamoDB Local leaves nothing unprocessed, so there are no retries to allow for.
    expect(count("BatchGetItem")).toBeLessThanOrEqual(
      Math.ceil(USERS / 100) + Math.ceil(tokens.length / 100),
    );
    expect(count("BatchWriteItem")).toBeLessThanOrEqual(Math.ceil((2 * tokens.length) / 25));
  }, 240_000);
});

describe("under faults", () => {
  test("a throttled batch is sent again until nothing is left", async () => {
    const { another } = await createTestStore();
    const store = another({ documents: testClient({ endpoint: proxy.endpoint, tries: 1 }) });
    proxy.interfere(() => undefined);
    const { token } = await logIn(store, "alice");
    let faults = 0;
    proxy.interfere(({ operation }) =>
      operation.startsWith("Batch") && ++faults % 2 === 1 ? throttled : undefined,
    );
    expect(await store.revoke({ userIds: ["alice"], revokedBy })).toMatchObject({
      loggedOut: [{ userId: "alice", sessionCount: 1 }],
    });
    expect(await liveAmong(store, [token])).toEqual([]);
    expect(faults).toBeGreaterThan(4);
  });

  test("where it comes to more users than are taken at once, each is in one list, in order", async () => {
    const { another, clock } = await createTestStore();
    const store = another({ documents: testClient({ endpoint: proxy.endpoint }) });
    proxy.interfere(() => undefined);
    const userIds = Array.from({ length: 1001 }, (_, index) => `user-${index}`);
    const first = await logIn(store, "user-0");
    const last = await logIn(store, "user-1000");
    const deadline = clock.now + MINUTE;
    let writes = 0;
    proxy.interfere(({ operation }) => {
      // The ending, and then the delete.
      if (operation === "BatchWriteItem" && ++writes === 2) clock.now = deadline;
      return undefined;
    });
    const late = await store.revoke({ userIds, revokedBy, deadline });
    expect(late.unfinished).toEqual(["user-1000"]);
    expect(late.loggedOut.map(({ userId }) => userId)).toEqual(userIds.slice(0, 1000));
    expect(await liveAmong(store, [first.token, last.token])).toEqual([1]);

    proxy.interfere(() => undefined);
    const result = await store.revoke({ userIds, revokedBy });
    expect(result.loggedOut.map(({ userId }) => userId)).toEqual(userIds);
    expect(result.loggedOut.at(-1)).toEqual({ userId: "user-1000", sessionCount: 1 });
    expect(await liveAmong(store, [first.token, last.token])).toEqual([]);
  });

  test("past the deadline nothing more is begun, and who is left is named", async () => {
    const { store, clock } = await createTestStore();
    const { token } = await logIn(store, "alice");
    const request = { userIds: ["alice", "nobody"], revokedBy, deadline: clock.now };
    expect(await store.revoke(request)).toEqual({
      loggedOut: [{ userId: "nobody", sessionCount: 0 }],
      spared: [],
      unfinished: ["alice"],
    });
    expect(await liveAmong(store, [token])).toEqual([0]);
    expect(await store.revoke({ ...request, deadline: clock.now + MINUTE })).toMatchObject({
      unfinished: [],
    });
    expect(await liveAmong(store, [token])).toEqual([]);
  });

  test("deletes that the database never took are unfinished, not done", async () => {
    const { another } = await createTestStore();
    let elapsed = 0;
    const store = another({
      documents: testClient({ endpoint: proxy.endpoint, tries: 1 }),
      stopwatch: () => (elapsed += 1000),
    });
    proxy.interfere(() => undefined);
    const { token } = await logIn(store, "alice");
    proxy.interfere(({ operation }) => (operation === "BatchWriteItem" ? throttled : undefined));
    expect(await store.revoke({ userIds: ["alice"], revokedBy })).toMatchObject({ unfinished: ["alice"] });
    expect(await liveAmong(store, [token])).toEqual([0]);
  });
});

test("no session is gone before its reason is written, though endings and deletes share batches", async () => {
  const { another, store: direct } = await createTestStore();
  const tokens = [];
  for (let i = 0; i < 30; i++) tokens.push((await logIn(direct, "alice", MANY)).token);
  const written: string[] = [];
  const deletedBefore: string[] = [];
  proxy.interfere(({ operation, body }) => {
    if (operation !== "BatchWriteItem") return undefined;
    const keys = requestsIn(body).map(({ PutRequest: put, DeleteRequest: del }) => ({
      put: put?.Item.pk.S.slice("ended#".length),
      deleted: del?.Key.pk.S.slice("session#".length),
    }));
    // Within a batch there is no order: what is put beside a delete may come after it.
    deletedBefore.push(...keys.flatMap(({ deleted }) => deleted ?? []).filter((id) => !written.includes(id)));
    written.push(...keys.flatMap(({ put }) => put ?? []));
    return undefined;
  });
  await another({ documents: testClient({ endpoint: proxy.endpoint }) }).revoke({
    userIds: ["alice"],
    revokedBy,
  });
  expect(written).toHaveLength(30);
  expect(deletedBefore).toEqual([]);
  expect(await liveAmong(direct, tokens)).toEqual([]);
});

interface WriteRequest {
  readonly PutRequest?: { readonly Item: { readonly pk: { readonly S: string } } };
  readonly DeleteRequest?: { readonly Key: { readonly pk: { readonly S: string } } };
}

const requestsIn = (body: Readonly<Record<string, unknown>>): WriteRequest[] =>
  Object.values(body["RequestItems"] as Record<string, WriteRequest[]>).flat();

test("a session that is appearing while it runs falls before or after it, never between", async () => {
  const { another } = await createTestStore();
  const direct = another({});
  const store = another({ documents: testClient({ endpoint: proxy.endpoint }) });
  const old = await logIn(direct, "alice");
  const gate = new Gate();
  proxy.interfere(({ operation }) => (operation === "BatchWriteItem" ? gate.pass() : undefined));
  const revoking = store.revoke({ userIds: ["alice"], revokedBy });
  await gate.reached.promise;
  const outcome = await direct.login(loginRequest("alice"));
  gate.open();
  await revoking;
  // The login came between the read and the deletes: it displaced the old session itself, and stays.
  expect(await liveAmong(direct, [old.token, (outcome as { token: SessionToken }).token])).toEqual([1]);
});
