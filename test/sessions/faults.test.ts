import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { CommitCheck } from "../../src/sessions/commit.ts";
import type { SessionStore } from "../../src/sessions/store.ts";
import { testDatabaseEndpoint } from "../support/database-endpoint.ts";
import { testClient } from "../support/dynamodb.ts";
import {
  cancelled,
  startDynamoDbProxy,
  throttled,
  type DynamoDbProxy,
  type Fault,
} from "../support/dynamodb-proxy.ts";
import { createTestStore, liveAmong, logIn, loginRequest } from "../support/store.ts";

let proxy: DynamoDbProxy;
/** Past the proxy: for preparing and looking. */
let direct: SessionStore;
/** Through the proxy, with a stopwatch that runs out of patience after a few waits. */
let store: SessionStore;
let tableName: string;

beforeEach(async () => {
  proxy = await startDynamoDbProxy(testDatabaseEndpoint());
  const test = await createTestStore();
  ({ store: direct, tableName } = test);
  let elapsed = 0;
  store = test.another({
    documents: testClient({ endpoint: proxy.endpoint, tries: 1 }),
    stopwatch: () => (elapsed += 500),
    sleep: () => Promise.resolve(),
  });
});
afterEach(() => proxy.stop());

/** Meets the first `times` transactions with a fault, or every one. */
function faultyTransactions(fault: Fault, times = Infinity): void {
  let met = 0;
  proxy.interfere(({ operation }) =>
    operation === "TransactWriteItems" && met++ < times ? fault : undefined,
  );
}

const conflict = cancelled("TransactionConflict", "None");
const internalError: Fault = { fault: "error", type: "InternalServerError", status: 500 };

describe.each<[string, Fault, "none" | "unknown"]>([
  ["throttled", throttled, "none"],
  ["conflicting", conflict, "none"],
  ["throttled in part", cancelled("None", "ThrottlingError"), "none"],
  ["never arriving", { fault: "drop-request" }, "unknown"],
  ["failing inside DynamoDB", internalError, "unknown"],
])("a login whose transaction is %s", (_, fault, effect) => {
  test("for a while succeeds in the end", async () => {
    const old = await logIn(direct, "alice");
    faultyTransactions(fault, 3);
    const { token, displaced } = await logIn(store, "alice");
    expect(displaced).toHaveLength(1);
    expect(await liveAmong(direct, [old.token, token])).toEqual([1]);
  });

  test("for good is a fault, and the old session works on", async () => {
    const old = await logIn(direct, "alice");
    faultyTransactions(fault);
    await expect(store.login(loginRequest("alice"))).rejects.toMatchObject({
      name: "StoreUnavailableError",
      effect,
    });
    expect(await liveAmong(direct, [old.token])).toEqual([0]);
  });

  test("for good leaves a logout without effect", async () => {
    const old = await logIn(direct, "alice");
    faultyTransactions(fault);
    await expect(store.logout(old.token)).rejects.toMatchObject({ name: "StoreUnavailableError", effect });
    expect(await liveAmong(direct, [old.token])).toEqual([0]);
  });
});

describe("a login whose answer is lost", () => {
  test("once takes effect once", async () => {
    const old = await logIn(direct, "alice");
    faultyTransactions({ fault: "drop-answer" }, 1);
    const { token, displaced } = await logIn(store, "alice");
    expect(displaced.map(({ id }) => id)).toEqual([old.session.id]);
    expect(await liveAmong(direct, [old.token, token])).toEqual([1]);
    const transactions = proxy.answered.filter(({ operation }) => operation === "TransactWriteItems");
    expect(transactions).toHaveLength(2);
    expect(transactions[0]?.body).toEqual(transactions[1]?.body);
  });

  test("and is throttled when it asks again recognizes that it is unknown what happened", async () => {
    await logIn(direct, "alice");
    let met = 0;
    proxy.interfere(({ operation }) => {
      if (operation !== "TransactWriteItems") return undefined;
      return met++ === 0 ? { fault: "drop-answer" } : throttled;
    });
    await expect(store.login(loginRequest("alice"))).rejects.toMatchObject({ effect: "unknown" });
  });

  test("within the client's own tries is no less unknown", async () => {
    const retrying = (await createTestStore({ tableName })).another({
      documents: testClient({ endpoint: proxy.endpoint, tries: 3 }),
      stopwatch: (() => {
        let elapsed = 0;
        return () => (elapsed += 5000);
      })(),
    });
    let met = 0;
    proxy.interfere(({ operation }) => {
      if (operation !== "TransactWriteItems") return undefined;
      return met++ === 0 ? { fault: "drop-answer" } : throttled;
    });
    await expect(retrying.login(loginRequest("alice"))).rejects.toMatchObject({ effect: "unknown" });
    expect(met).toBe(3);
  });
});

test("a store that goes away between the reads and the transaction leaves the old session working", async () => {
  const old = await logIn(direct, "alice");
  proxy.interfere(({ operation }) => (operation === "GetItem" ? undefined : { fault: "drop-request" }));
  await expect(store.login(loginRequest("alice"))).rejects.toMatchObject({ name: "StoreUnavailableError" });
  expect(await liveAmong(direct, [old.token])).toEqual([0]);
});

test("a failed check refuses the login and changes nothing", async () => {
  const old = await logIn(direct, "alice");
  const check: CommitCheck = {
    name: "never",
    action: {
      ConditionCheck: {
        TableName: tableName,
        Key: { pk: "absent" },
        ConditionExpression: "attribute_exists(pk)",
      },
    },
  };
  expect(await direct.login(loginRequest("alice", { checks: [check] }))).toEqual({
    outcome: "check-failed",
    check: "never",
  });
  expect(await liveAmong(direct, [old.token])).toEqual([0]);
});

test("a missing table is a fault of ours, not a store that may come back", async () => {
  const { another } = await createTestStore({ tableName: "no-such-table" });
  await expect(another({}).login(loginRequest("alice"))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
});
