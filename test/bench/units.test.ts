import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { describe, expect, it } from "vitest";
import { startCountingProxy, totalUnits } from "../../bench/support/counting-proxy.ts";
import { INDEXES } from "../../src/sessions/table.ts";
import { itemBytes, readUnits, writeUnits, type WireItem } from "../../bench/support/units.ts";
import { testDatabaseEndpoint } from "../support/database-endpoint.ts";
import { createSessionsTable, testClient } from "../support/dynamodb.ts";
import { createTestStore, logIn } from "../support/store.ts";

const KB = 1024;
const item = (bytes: number, more: object = {}): WireItem => {
  const wire = marshall({ pk: "session#1", text: "", ...more }) as WireItem;
  return { ...wire, text: { S: "x".repeat(Math.max(0, bytes - itemBytes(wire))) } };
};

describe("an item's size", () => {
  it("is that of its names and values", () => {
    expect(itemBytes({ pk: { S: "abc" }, flag: { BOOL: true } })).toBe(2 + 3 + 4 + 1);
    expect(itemBytes({ list: { L: [{ S: "é" }, { NULL: true }] } })).toBe(4 + 3 + (1 + 2) + (1 + 1));
    expect(itemBytes({ map: { M: { a: { N: "12345" } } } })).toBe(3 + 3 + 1 + 1 + (3 + 1));
  });
});

describe("read units", () => {
  it("are started 4 KB, halved where eventual, doubled where transactional", () => {
    expect(readUnits(item(4 * KB), "consistent").reads).toBe(1);
    expect(readUnits(item(4 * KB + 1), "consistent").reads).toBe(2);
    expect(readUnits(item(100), "eventual").reads).toBe(0.5);
    expect(readUnits(item(100), "transactional").reads).toBe(2);
  });

  it("are one for what is not there", () => {
    expect(readUnits(undefined, "consistent").reads).toBe(1);
  });
});

describe("write units", () => {
  it("go by the larger of what was there and what is there now", () => {
    expect(writeUnits(item(2 * KB + 1), item(10), [], "plain").writes).toBe(3);
    expect(writeUnits(item(KB), undefined, [], "plain").writes).toBe(1);
  });

  it("count twice in a transaction, but an index's once", () => {
    const session = item(100, { userId: "alice", createdAt: 1 });
    expect(writeUnits(undefined, session, INDEXES, "transactional")).toEqual({
      reads: 0,
      writes: 3,
      indexWrites: 1,
    });
  });

  it("have an index written where its entry changes, and twice where its key does", () => {
    const before = item(100, { userId: "alice", createdAt: 1, lastSeenAt: 1 });
    const touched = { ...before, lastSeenAt: { N: "2" } };
    const moved = { ...before, createdAt: { N: "2" } };
    expect(writeUnits(before, touched, INDEXES, "plain").indexWrites).toBe(0);
    expect(writeUnits(before, moved, INDEXES, "plain").indexWrites).toBe(2);
    expect(writeUnits(before, undefined, INDEXES, "plain").indexWrites).toBe(1);
  });
});

describe("a counting proxy", () => {
  it("counts a plain write as DynamoDB Local itself does", async () => {
    const tableName = await createSessionsTable();
    const proxy = await startCountingProxy(testDatabaseEndpoint(), () => INDEXES);
    const documents = testClient({ endpoint: proxy.endpoint });
    const Item = { pk: "session#1", userId: "alice", createdAt: 1, text: "x".repeat(1500) };
    const put = new PutCommand({ TableName: tableName, Item, ReturnConsumedCapacity: "TOTAL" });
    const { result, requests } = await proxy.during(() => documents.send(put));
    expect(totalUnits(requests).writes).toBe(result.ConsumedCapacity?.CapacityUnits);
    await proxy.stop();
  });

  it("sees a login as two requests: the roster's read, and a transaction of the roster and the session", async () => {
    const proxy = await startCountingProxy(testDatabaseEndpoint(), () => INDEXES);
    const { store } = await createTestStore({ documents: testClient({ endpoint: proxy.endpoint }) });
    const { requests } = await proxy.during(() => logIn(store, "alice"));
    expect(requests.map(({ operation, entries }) => [operation, entries])).toEqual([
      ["GetItem", 1],
      ["TransactWriteItems", 2],
    ]);
    // Two items twice, and the session's entry in the index of users.
    expect(totalUnits(requests)).toEqual({ reads: 1, writes: 5, indexWrites: 1 });
    await proxy.stop();
  });
});
