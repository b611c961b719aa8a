import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  createFailureCounters,
  type FailureCounters,
  type Reservation,
} from "../../src/identity/failure-counters.ts";
import { failuresKey } from "../../src/identity/sign-in-table.ts";
import { ADDRESS_RULE, USER_RULE } from "../../src/identity/throttle-rules.ts";
import { testDatabaseEndpoint } from "../support/database-endpoint.ts";
import { startDynamoDbProxy, throttled, type DynamoDbProxy } from "../support/dynamodb-proxy.ts";
import { createSignInTable, testClient } from "../support/dynamodb.ts";
import { HOUR, MINUTE, TestClock } from "../support/store.ts";

const SUBJECT = "user#x";
const documents = testClient();
let tableName: string;
let clock: TestClock;
let counters: FailureCounters;

beforeEach(async () => {
  tableName = await createSignInTable();
  clock = new TestClock();
  counters = createFailureCounters({ documents, tableName, clock: clock.read });
});

const item = async (subject = SUBJECT) =>
  (await documents.send(new GetCommand({ TableName: tableName, Key: failuresKey(subject) }))).Item;

async function reserved(subject = SUBJECT, rule = USER_RULE): Promise<Reservation> {
  const outcome = await counters.reserve(subject, rule);
  if (outcome.outcome !== "reserved") throw new Error(`has to wait ${outcome.waitMs} ms`);
  return outcome.reservation;
}

/** So many attempts that fail, each as soon as it is allowed. */
async function fail(times: number, rule = USER_RULE): Promise<void> {
  for (let count = 0; count < times; count++) {
    const outcome = await counters.reserve(SUBJECT, rule);
    if (outcome.outcome === "reserved") continue;
    clock.advance(outcome.waitMs);
    await reserved(SUBJECT, rule);
  }
}

const outcomesOf = async (count: number, rule = USER_RULE): Promise<Record<string, number>> => {
  const outcomes = await Promise.all(Array.from({ length: count }, () => counters.reserve(SUBJECT, rule)));
  const counts: Record<string, number> = {};
  for (const { outcome } of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
};

describe("a hundred attempts at once", () => {
  test("on no counter get the free attempts and no more", async () => {
    expect(await outcomesOf(100)).toEqual({ reserved: 10, wait: 90 });
    expect(await item()).toMatchObject({ failures: 10 });
  });

  test("on a counter with some failures get what is left", async () => {
    await fail(7);
    expect(await outcomesOf(100)).toEqual({ reserved: 3, wait: 97 });
  });

  test("after a wait get one", async () => {
    await fail(10);
    clock.advance(30_000);
    expect(await outcomesOf(100)).toEqual({ reserved: 1, wait: 99 });
  });

  test("on a forgotten counter that TTL left there get the free attempts", async () => {
    await fail(12);
    clock.advance(24 * HOUR);
    expect(await outcomesOf(100)).toEqual({ reserved: 10, wait: 90 });
  });

  test("of an address get all its free attempts", async () => {
    expect(await outcomesOf(130, ADDRESS_RULE)).toEqual({ reserved: 100, wait: 30 });
  });
});

describe("an attempt", () => {
  test("beyond the free ones is told how long to wait, and refused attempts do not lengthen it", async () => {
    await fail(10);
    clock.advance(10_000);
    for (let count = 0; count < 5; count++)
      expect(await counters.reserve(SUBJECT, USER_RULE)).toEqual({ outcome: "wait", waitMs: 20_000 });
  });

  test("is let through again and again as time passes, however many failed before", async () => {
    await fail(130);
    expect(await counters.reserve(SUBJECT, USER_RULE)).toEqual({ outcome: "wait", waitMs: HOUR });
    clock.advance(HOUR);
    await reserved();
    clock.advance(24 * HOUR);
    await fail(10);
  });

  test("leaves an item that TTL removes once it is forgotten", async () => {
    await reserved();
    const forgottenAt = clock.now + 24 * HOUR;
    expect(await item()).toEqual({
      ...failuresKey(SUBJECT),
      failures: 1,
      lastAt: clock.now,
      forgottenAt,
      ttl: forgottenAt / 1000,
    });
  });

  test("of an address does not move the hour that began with the first", async () => {
    await reserved(SUBJECT, ADDRESS_RULE);
    const first = await item();
    clock.advance(59 * MINUTE);
    await reserved(SUBJECT, ADDRESS_RULE);
    expect(await item()).toMatchObject({
      failures: 2,
      forgottenAt: first?.["forgottenAt"] as number,
      ttl: first?.["ttl"] as number,
    });
  });
});

describe("releasing", () => {
  test("an attempt counts it no more, and the wait is the one before it", async () => {
    await fail(11);
    clock.advance(MINUTE);
    const reservation = await reserved();
    expect(await counters.reserve(SUBJECT, USER_RULE)).toMatchObject({ outcome: "wait" });
    await counters.release(reservation);
    expect(await item()).toMatchObject({ failures: 11, lastAt: clock.now - MINUTE });
    await reserved();
  });

  test("an attempt that others followed counts only that one out", async () => {
    const first = await reserved();
    clock.advance(1000);
    await reserved();
    await counters.release(first);
    expect(await item()).toMatchObject({ failures: 1, lastAt: clock.now });
  });

  test("after a reset changes nothing", async () => {
    await reserved();
    const reservation = await reserved();
    await counters.reset(SUBJECT);
    await counters.release(reservation);
    expect(await item()).toBeUndefined();
  });

  test("never goes below none", async () => {
    const reservation = await reserved();
    await counters.release(reservation);
    await counters.release(reservation);
    expect(await item()).toMatchObject({ failures: 0 });
  });
});

test("a reset gives all free attempts back", async () => {
  await fail(20);
  await counters.reset(SUBJECT);
  await fail(1);
  expect(await item()).toMatchObject({ failures: 1 });
});

describe("a database that does not answer", () => {
  let proxy: DynamoDbProxy;
  beforeEach(async () => {
    proxy = await startDynamoDbProxy(testDatabaseEndpoint());
  });
  afterEach(() => proxy.stop());
  const behindProxy = () =>
    createFailureCounters({
      documents: testClient({ endpoint: proxy.endpoint, tries: 2 }),
      tableName,
      clock: clock.read,
    });

  test.each([
    ["refuses for load", throttled],
    ["breaks the connection", { fault: "drop-request" } as const],
  ])("(it %s) lets nobody try", async (_, fault) => {
    proxy.interfere(() => fault);
    await expect(behindProxy().reserve(SUBJECT, USER_RULE)).rejects.toMatchObject({
      name: "StoreUnavailableError",
      effect: "none",
    });
  });

  test("(its answer was lost) counts the attempt twice rather than not at all", async () => {
    let lost = 0;
    proxy.interfere(() => (lost++ === 0 ? { fault: "drop-answer" } : undefined));
    await behindProxy().reserve(SUBJECT, USER_RULE);
    expect(await item()).toMatchObject({ failures: 2 });
  });
});

test("an attempt whose count is taken by others for ever is given up on, and may not be made", async () => {
  const proxy = await startDynamoDbProxy(testDatabaseEndpoint());
  let tries = 0;
  proxy.interfere(() => {
    tries++;
    return { fault: "error", type: "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException" };
  });
  const client = testClient({ endpoint: proxy.endpoint, tries: 1 });
  const losing = createFailureCounters({ documents: client, tableName, clock: clock.read });
  await expect(losing.reserve(SUBJECT, USER_RULE)).rejects.toMatchObject({
    name: "StoreUnavailableError",
    effect: "none",
  });
  expect(tries).toBeLessThan(40);
  await proxy.stop();
});
