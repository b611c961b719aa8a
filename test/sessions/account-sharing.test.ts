import { describe, expect, test } from "vitest";
import {
  DISPLACEMENTS_TO_SIGNAL,
  noteDisplacements,
  SHARING_WINDOW_MS,
} from "../../src/sessions/account-sharing.ts";
import type { Displacement, RosterEntry } from "../../src/sessions/roster.ts";
import type { Device, DeviceId } from "../../src/sessions/session.ts";
import type { SessionId } from "../../src/sessions/token.ts";
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

test("many logins at the same time signal once", async () => {
  const { store } = await createTestStore({ clock: Date.now });
  const logins = await Promise.all(
    Array.from({ length: 16 }, (_, index) => logIn(store, "alice", { device: index % 2 === 0 ? A : B })),
  );
  expect(logins.filter(({ contention }) => contention !== undefined).length).toBeLessThanOrEqual(1);
});

describe("no signal comes", () => {
  test.each<[string, Device[], number]>([
    ["from displacements further apart than the window", [A, B], SHARING_WINDOW_MS / 4],
    ["from three devices in turn, each pair seldom", [A, B, C], MINUTE],
    ["from devices without a cookie", [CHROME, FIREFOX], MINUTE / 2],
  ])("%s", async (_, devices, between) => {
    const { store, clock } = await createTestStore();
    for (let login = 0; login < 12; login++) {
      const { contention } = await logIn(store, "alice", { device: devices[login % devices.length]! });
      expect(contention).toBeUndefined();
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
