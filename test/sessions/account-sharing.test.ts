import { describe, expect, test } from "vitest";
import {
  DISPLACEMENTS_TO_SIGNAL,
  noteDisplacements,
  SHARING_WINDOW_MS,
} from "../../src/sessions/account-sharing.ts";
import type { Displacement, RosterEntry } from "../../src/sessions/roster.ts";
import type { Device, DeviceId } from "../../src/sessions/session.ts";
import type { SessionId } from "../../src/sessions/token.ts";
import { testDatabaseEndpoint } from "../support/database-endpoint.ts";
import { testClient } from "../support/dynamodb.ts";
import { startDynamoDbProxy } from "../support/dynamodb-proxy.ts";
import { CHROME, createTestStore, FIREFOX, logIn, MINUTE } from "../support/store.ts";

const A: Device = { ...CHROME, id: "a" as DeviceId };
const B: Device = { ...FIREFOX, id: "b" as DeviceId };
const C: Device = { ...FIREFOX, id: "c" as DeviceId };

test("two devices that keep displacing each other are signalled once a window, whoever began", async () => {
  const { store, clock } = await createTestStore();
  const signals: number[] = [];
  for (let login = 0; login < 14; login++) {
    const { contention } = await logIn(store, "alice", { device: login % 2 === 0 ? A : B });
    if (contention !== undefined) {
      signals.push(login);
      expect(contention.devices.map(({ id }) => id).toSorted()).toEqual(["a", "b"]);
      expect(contention.displacements).toBe(DISPLACEMENTS_TO_SIGNAL);
    }
    clock.advance(MINUTE / 2);
  }
  // The first login displaces nobody.
  expect(signals).toEqual([DISPLACEMENTS_TO_SIGNAL]);
});

test("a signal is on the item of the session whose login raised it, in the commit that made it", async () => {
  const { store, clock } = await createTestStore();
  for (let login = 0; login < DISPLACEMENTS_TO_SIGNAL + 2; login++) {
    const { contention, session, token } = await logIn(store, "alice", { device: login % 2 === 0 ? A : B });
    expect(session.contention).toEqual(contention);
    expect(contention === undefined).toBe(login !== DISPLACEMENTS_TO_SIGNAL);
    // A touch later it is still there.
    clock.advance((5 * MINUTE) / 4);
    expect(await store.validate(token)).toMatchObject({ outcome: "live" });
    const seen = await store.validate(token);
    expect(seen).toMatchObject({ session: { id: session.id } });
    expect(seen.outcome === "live" && seen.session.contention).toEqual(contention);
  }
});

test("a login that lost its turn decides about the signal anew", async () => {
  const { store, another, clock } = await createTestStore();
  for (let login = 0; login < DISPLACEMENTS_TO_SIGNAL; login++) {
    await logIn(store, "alice", { device: login % 2 === 0 ? A : B });
    clock.advance(MINUTE / 2);
  }
  const raises = DISPLACEMENTS_TO_SIGNAL % 2 === 0 ? A : B;
  const proxy = await startDynamoDbProxy(testDatabaseEndpoint());
  let attempts = 0;
  proxy.interfere(async ({ operation }) => {
    // What the first attempt would have signalled, another login signals meanwhile.
    if (operation === "TransactWriteItems" && attempts++ === 0) {
      const other = await logIn(store, "alice", { device: raises });
      expect(other.contention).toBeDefined();
    }
    return undefined;
  });
  const slow = another({ documents: testClient({ endpoint: proxy.endpoint, tries: 1 }) });
  const { session, contention } = await logIn(slow, "alice", { device: raises });
  await proxy.stop();
  expect(attempts).toBe(2);
  expect(contention).toBeUndefined();
  expect(session).not.toHaveProperty("contention");
});

test("many logins at the same time signal once", async () => {
  const { store } = await createTestStore({ clock: Date.now });
  const logins = await Promise.all(
    Array.from({ length: 16 }, (_, index) => logIn(store, "alice", { device: index % 2 === 0 ? A : B })),
  );
  expect(logins.filter(({ contention }) => contention !== undefined).length).toBeLessThanOrEqual(1);
});

describe("no signal of displacements comes", () => {
  test.each<[string, Device[], number]>([
    ["from displacements further apart than the window", [A, B], SHARING_WINDOW_MS / 4],
    ["from three devices in turn, each pair seldom", [A, B, C], MINUTE],
    ["from devices without a cookie", [CHROME, FIREFOX], MINUTE / 2],
  ])("%s", async (_, devices, between) => {
    const { store, clock } = await createTestStore();
    for (let login = 0; login < 12; login++) {
      const { contention } = await logIn(store, "alice", { device: devices[login % devices.length]! });
      expect(contention?.suspicion).not.toBe("displacements");
      clock.advance(between);
    }
  });
});

test("the next window signals again", () => {
  const entry = {
    id: "x" as SessionId,
    createdAt: 0,
    expiresAt: 1e9,
    era: "1",
    device: A,
  } satisfies RosterEntry;
  let history: readonly Displacement[] = [];
  const signalledAt: number[] = [];
  for (let now = 0; now < 3 * SHARING_WINDOW_MS; now += MINUTE) {
    const findings = noteDisplacements(history, [entry], B, now);
    history = findings.displacements;
    if (findings.contention !== undefined) signalledAt.push(now / MINUTE);
  }
  expect(signalledAt).toEqual([4, 14, 24]);
});
