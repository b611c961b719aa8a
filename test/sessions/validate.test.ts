import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SessionToken } from "../../src/sessions/token.ts";
import { testDatabaseEndpoint } from "../support/database-endpoint.ts";
import { testClient } from "../support/dynamodb.ts";
import { Gate, startDynamoDbProxy, throttled, type DynamoDbProxy } from "../support/dynamodb-proxy.ts";
import { createTestStore, HOUR, logIn, MINUTE, SETTINGS, type TestStore } from "../support/store.ts";

let proxy: DynamoDbProxy;

beforeAll(async () => {
  proxy = await startDynamoDbProxy(testDatabaseEndpoint());
});
afterAll(() => proxy.stop());

/** A store whose requests pass the proxy, and what passes while `action` runs. */
async function countedStore(): Promise<
  TestStore & { counting: (action: () => Promise<unknown>) => Promise<string[]> }
> {
  proxy.interfere(() => undefined);
  const test = await createTestStore({ documents: testClient({ endpoint: proxy.endpoint, tries: 1 }) });
  return {
    ...test,
    async counting(action) {
      const before = proxy.answered.length;
      await action();
      return proxy.answered
        .slice(before)
        .map(({ operation, capacityUnits }) => `${operation} ${capacityUnits}`);
    },
  };
}

describe("the cost of validating", () => {
  test("a live session costs one request of one read unit", async () => {
    const { store, counting } = await countedStore();
    const { token } = await logIn(store, "alice");
    expect(await counting(() => store.validate(token))).toEqual(["GetItem 1"]);
  });

  test("a displaced one costs two", async () => {
    const { store, counting } = await countedStore();
    const { token } = await logIn(store, "alice");
    await logIn(store, "alice");
    expect(await counting(() => store.validate(token))).toEqual(["GetItem 1", "GetItem 1"]);
  });

  test("one of no trace is asked for by a transaction, too", async () => {
    const { store, counting } = await countedStore();
    expect(await counting(() => store.validate(SessionToken.generate()))).toEqual([
      "GetItem 1",
      "GetItem 1",
      "TransactGetItems 2",
    ]);
  });

  test("an expired one costs one", async () => {
    const { store, counting, clock } = await countedStore();
    const { token } = await logIn(store, "alice");
    clock.advance(30 * MINUTE);
    expect(await counting(() => store.validate(token))).toEqual(["GetItem 1"]);
  });

  test("activity is recorded at most once an interval, and never by watching", async () => {
    const { store, counting, clock } = await countedStore();
    const { token } = await logIn(store, "alice");
    clock.advance(3 * MINUTE);
    expect(await counting(() => store.validate(token))).toEqual(["GetItem 1"]);
    clock.advance(1);
    expect(await counting(() => store.validate(token, { touch: false }))).toEqual(["GetItem 1"]);
    expect(await counting(() => store.validate(token))).toEqual(["GetItem 1", "UpdateItem 1"]);
    expect(await counting(() => store.validate(token))).toEqual(["GetItem 1"]);
  });
});

describe("timeouts", () => {
  test("activity keeps a session from idling, up to its absolute timeout and no further", async () => {
    const { store, clock } = await createTestStore();
    const { token, session } = await logIn(store, "alice");
    for (let elapsed = 0; elapsed < 12 * HOUR - 20 * MINUTE; elapsed += 20 * MINUTE) {
      expect(await store.validate(token)).toMatchObject({ outcome: "live" });
      clock.advance(20 * MINUTE);
    }
    expect(await store.validate(token)).toMatchObject({
      outcome: "live",
      session: { idleExpiresAt: session.expiresAt },
    });
    clock.advance(20 * MINUTE);
    expect(await store.validate(token)).toMatchObject({ outcome: "expired" });
  });

  test("watching keeps no session from idling", async () => {
    const { store, clock } = await createTestStore();
    const { token } = await logIn(store, "alice");
    for (let i = 0; i < 3; i++) {
      clock.advance(9 * MINUTE);
      expect(await store.validate(token, { touch: false })).toMatchObject({ outcome: "live" });
    }
    clock.advance(3 * MINUTE);
    expect(await store.validate(token, { touch: false })).toMatchObject({ outcome: "expired" });
  });

  test("an expired session that TTL has not removed is refused, and touching does not revive it", async () => {
    const { store, clock } = await createTestStore();
    const { token } = await logIn(store, "alice");
    clock.advance(30 * MINUTE);
    expect(await store.validate(token)).toMatchObject({ outcome: "expired" });
    expect(await store.validate(token)).toMatchObject({ outcome: "expired" });
  });

  test("without an idle timeout a session lives until the absolute one", async () => {
    const { clock, another } = await createTestStore();
    const store = another({ settings: { ...SETTINGS, timeouts: { idle: "none", absolute: 12 * HOUR } } });
    const { token } = await logIn(store, "alice");
    clock.advance(12 * HOUR - 1);
    expect(await store.validate(token)).toMatchObject({ outcome: "live" });
    clock.advance(1);
    expect(await store.validate(token)).toMatchObject({ outcome: "expired" });
  });
});

describe("a touch that races", () => {
  test("a logout between its read and its write is the answer, and nothing is revived", async () => {
    const { store, another, clock } = await countedStore();
    const direct = another({ documents: testClient() });
    const { token } = await logIn(store, "alice");
    clock.advance(5 * MINUTE);
    const gate = new Gate();
    proxy.interfere(({ operation }) => (operation === "UpdateItem" ? gate.pass() : undefined));
    const validating = store.validate(token);
    await gate.reached.promise;
    await direct.logout(token);
    gate.open();
    expect(await validating).toMatchObject({ outcome: "ended", ending: { reason: "logged_out" } });
    expect(await direct.validate(token)).toMatchObject({
      outcome: "ended",
      ending: { reason: "logged_out" },
    });
  });

  test("another touch leaves it live, with one write taking effect", async () => {
    const { store, clock } = await createTestStore();
    const { token } = await logIn(store, "alice");
    clock.advance(5 * MINUTE);
    const answers = await Promise.all(Array.from({ length: 8 }, () => store.validate(token)));
    expect(answers.map(({ outcome }) => outcome)).toEqual(Array(8).fill("live"));
  });

  test("a throttled write is reported and leaves the session live", async () => {
    const failures: unknown[] = [];
    const { another, clock } = await countedStore();
    const store = another({ onTouchFailure: (error) => failures.push(error) });
    const { token } = await logIn(store, "alice");
    clock.advance(5 * MINUTE);
    proxy.interfere(({ operation }) => (operation === "UpdateItem" ? throttled : undefined));
    expect(await store.validate(token)).toMatchObject({ outcome: "live" });
    expect(failures).toHaveLength(1);
  });
});

describe("a token that is no live session's", () => {
  test("one never issued is unknown", async () => {
    const { store } = await createTestStore();
    expect(await store.validate(SessionToken.generate())).toEqual({ outcome: "unknown" });
  });

  test("one whose item was removed behind the protocol's back is unknown, not live", async () => {
    const { store, documents, tableName } = await createTestStore();
    const { token, session } = await logIn(store, "alice");
    await documents.send(
      new UpdateCommand({
        TableName: tableName,
        Key: { pk: `session#${session.id}` },
        UpdateExpression: "SET idleExpiresAt = :past",
        ExpressionAttributeValues: { ":past": 0 },
      }),
    );
    expect(await store.validate(token)).toMatchObject({ outcome: "expired" });
  });
});

test("an unreachable store is a fault, never an answer", async () => {
  const { another } = await createTestStore();
  const store = another({ documents: testClient({ endpoint: "http://127.0.0.1:1", tries: 1 }) });
  await expect(store.validate(SessionToken.generate())).rejects.toMatchObject({
    name: "StoreUnavailableError",
    effect: "none",
  });
});
