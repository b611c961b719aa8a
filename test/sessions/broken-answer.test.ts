import { afterEach, beforeEach, expect, test } from "vitest";
import type { SessionStore } from "../../src/sessions/store.ts";
import { testDatabaseEndpoint } from "../support/database-endpoint.ts";
import { testClient } from "../support/dynamodb.ts";
import { startDynamoDbProxy, type DynamoDbProxy } from "../support/dynamodb-proxy.ts";
import { createTestStore, liveAmong, logIn, loginRequest } from "../support/store.ts";

let proxy: DynamoDbProxy;
let direct: SessionStore;
let store: SessionStore;

beforeEach(async () => {
  proxy = await startDynamoDbProxy(testDatabaseEndpoint());
  const test = await createTestStore();
  direct = test.store;
  let elapsed = 0;
  store = test.another({
    documents: testClient({ endpoint: proxy.endpoint, tries: 1 }),
    stopwatch: () => (elapsed += 500),
    sleep: () => Promise.resolve(),
  });
});
afterEach(() => proxy.stop());

const breakAnswersOf = (broken: string): void =>
  proxy.interfere(({ operation }) => (operation === broken ? { fault: "break-answer" } : undefined));

test("an answer that breaks off in the middle of a read is a read without an answer", async () => {
  const { token } = await logIn(direct, "alice");
  breakAnswersOf("GetItem");
  const unavailable = { name: "StoreUnavailableError", effect: "none" };
  await expect(store.validate(token)).rejects.toMatchObject(unavailable);
  await expect(store.login(loginRequest("alice"))).rejects.toMatchObject(unavailable);
});

test("an answer that breaks off in the middle of a commit leaves its effect unknown", async () => {
  const old = await logIn(direct, "alice");
  breakAnswersOf("TransactWriteItems");
  const unavailable = { name: "StoreUnavailableError", effect: "unknown" };
  await expect(store.login(loginRequest("alice"))).rejects.toMatchObject(unavailable);
  expect(await liveAmong(direct, [old.token])).toEqual([]);
});

test("a refusal that breaks off in the middle is asked for again", async () => {
  const old = await logIn(direct, "alice");
  let transactions = 0;
  proxy.interfere(async ({ operation }) => {
    if (operation !== "TransactWriteItems" || transactions++ > 0) return undefined;
    // The roster moves on, so that the first answer is a failed condition.
    await logIn(direct, "alice");
    return { fault: "break-answer" };
  });
  const { token, displaced } = await logIn(store, "alice");
  expect(displaced).toHaveLength(1);
  expect(await liveAmong(direct, [old.token, token])).toEqual([1]);
});

test("an answer that breaks off in the middle of a batch is asked for again", async () => {
  const { token } = await logIn(direct, "alice");
  const met = new Set<string>();
  proxy.interfere(({ operation }) => {
    if (met.has(operation)) return undefined;
    met.add(operation);
    return { fault: "break-answer" };
  });
  expect(await store.revoke({ userIds: ["alice"], revokedBy: "admin" })).toMatchObject({ unfinished: [] });
  expect([...met]).toEqual(["BatchGetItem", "BatchWriteItem"]);
  expect(await liveAmong(direct, [token])).toEqual([]);
});
