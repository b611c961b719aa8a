import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SessionSettings } from "../../src/sessions/dependencies.ts";
import { EARLIEST_TOUCH_MS, type SeenPlace } from "../../src/sessions/places.ts";
import { sessionKey } from "../../src/sessions/table.ts";
import { testDatabaseEndpoint } from "../support/database-endpoint.ts";
import { startDynamoDbProxy, Gate, type DynamoDbProxy } from "../support/dynamodb-proxy.ts";
import { testClient } from "../support/dynamodb.ts";
import { createTestStore, logIn, MINUTE, SETTINGS } from "../support/store.ts";

/** What is recorded of places on the real engine, and what that costs. */

let proxy: DynamoDbProxy;
beforeAll(async () => {
  proxy = await startDynamoDbProxy(testDatabaseEndpoint());
});
afterAll(() => proxy.stop());

const HOME: SeenPlace = {
  ...{ label: "Chrome on Windows", class: "desktop", network: "192.0.2.0/24" },
  by: "cookie",
};
const AWAY: SeenPlace = { ...HOME, label: "Firefox on Linux", network: "198.51.100.0/24" };

async function placedStore(settings: SessionSettings = { ...SETTINGS, places: true }) {
  proxy.interfere(() => undefined);
  const documents = testClient({ endpoint: proxy.endpoint, tries: 1 });
  const test = await createTestStore({ documents, settings });
  const { by: _, ...place } = HOME;
  const { token, session } = await logIn(test.store, "alice", { place });
  const from = (seen: SeenPlace) => test.store.validate(token, { from: () => seen });
  const item = async () => {
    const key = { TableName: test.tableName, Key: sessionKey(session.id), ConsistentRead: true };
    return (await testClient().send(new GetCommand(key))).Item;
  };
  const counting = async (action: () => Promise<unknown>): Promise<string[]> => {
    const before = proxy.answered.length;
    await action();
    return proxy.answered
      .slice(before)
      .map(({ operation, capacityUnits }) => `${operation} ${capacityUnits}`);
  };
  return { ...test, token, session, from, item, counting };
}

test("a session of one place costs what it cost: one read, and a touch an interval", async () => {
  const { from, clock, counting, item } = await placedStore();
  const asked = await counting(async () => {
    for (let asks = 0; asks < 18; asks++) {
      clock.advance(EARLIEST_TOUCH_MS);
      await from({ ...HOME, network: `192.0.${asks}.0/24` });
    }
  });
  expect(asked).toEqual(Array<string>(18).fill("GetItem 1"));
  clock.advance(1);
  expect(await counting(() => from(HOME))).toEqual(["GetItem 1", "UpdateItem 1"]);
  const { by: _, ...place } = HOME;
  expect(await item()).toMatchObject({ place });
});

test("another place touches early, at most each ten seconds, until the session is suspected", async () => {
  const { from, clock, counting, item, session } = await placedStore();
  clock.advance(EARLIEST_TOUCH_MS - 1);
  expect(await counting(() => from(AWAY))).toEqual(["GetItem 1"]);
  clock.advance(1);
  expect(await counting(() => from(AWAY))).toEqual(["GetItem 1", "UpdateItem 1"]);
  expect(await counting(() => from(HOME))).toEqual(["GetItem 1"]);
  for (const seen of [HOME, AWAY]) {
    expect(await item()).not.toHaveProperty("suspectedAt");
    clock.advance(EARLIEST_TOUCH_MS);
    await from(seen);
  }
  expect(await item()).toMatchObject({
    suspectedAt: clock.now,
    lastSeenAt: clock.now,
    place: { label: AWAY.label, before: { label: HOME.label }, switches: [{ far: true }, { far: true }] },
  });
  expect(JSON.stringify(await item())).not.toContain("198.51.100.1");
  clock.advance(EARLIEST_TOUCH_MS);
  expect(await counting(() => from(HOME))).toEqual(["GetItem 1"]);
  clock.advance(4 * MINUTE);
  await from(HOME);
  expect(await item()).toMatchObject({ suspectedAt: session.createdAt + 3 * EARLIEST_TOUCH_MS });
});

test("watching, and a deployment without events, record no place", async () => {
  const { store, token, clock, item, counting } = await placedStore();
  clock.advance(EARLIEST_TOUCH_MS);
  expect(await counting(() => store.validate(token, { touch: false, from: () => AWAY }))).toEqual([
    "GetItem 1",
  ]);
  expect(await item()).toMatchObject({ place: { label: HOME.label } });
  const off = await placedStore(SETTINGS);
  off.clock.advance(EARLIEST_TOUCH_MS);
  expect(await off.counting(() => off.from(AWAY))).toEqual(["GetItem 1"]);
  off.clock.advance(4 * MINUTE);
  await off.from(AWAY);
  expect(await off.item()).not.toHaveProperty("place");
});

describe("a touch that would suspect a session", () => {
  async function nearlySuspected() {
    const placed = await placedStore();
    for (const seen of [AWAY, HOME]) {
      placed.clock.advance(EARLIEST_TOUCH_MS);
      await placed.from(seen);
    }
    placed.clock.advance(EARLIEST_TOUCH_MS);
    return placed;
  }

  test("and finds it ended says so, and makes nothing", async () => {
    const { from, another, token, item } = await nearlySuspected();
    const gate = new Gate();
    proxy.interfere(({ operation }) => (operation === "UpdateItem" ? gate.pass() : undefined));
    const validating = from(AWAY);
    await gate.reached.promise;
    await another({ documents: testClient() }).logout(token);
    gate.open();
    expect(await validating).toMatchObject({ outcome: "ended", ending: { reason: "logged_out" } });
    expect(await item()).toBeUndefined();
  });

  test("comes once, however many do so at the same time", async () => {
    const { from, item, clock } = await nearlySuspected();
    const answers = await Promise.all(Array.from({ length: 8 }, () => from(AWAY)));
    expect(answers.map(({ outcome }) => outcome)).toEqual(Array(8).fill("live"));
    expect(await item()).toMatchObject({ suspectedAt: clock.now, place: { switches: [{}, {}] } });
  });
});
