import { describe, expect, test } from "vitest";
import { noteReturns, RETURN_WITHIN_MS, RETURNS_WINDOW_MS } from "../../src/sessions/returns.ts";
import type { Interruption, RosterEntry } from "../../src/sessions/roster.ts";
import type { Device, DeviceId } from "../../src/sessions/session.ts";
import type { SessionId } from "../../src/sessions/token.ts";
import { CHROME, createTestStore, HOUR, logIn, MINUTE, PHONE, type TestStore } from "../support/store.ts";

const LAPTOP: Device = { ...CHROME, id: "l".repeat(43) as DeviceId };
const MOBILE: Device = { ...PHONE, id: "p".repeat(43) as DeviceId };

/** A login: by which device, after how long, and whether the session before was in use till then. */
interface Turn {
  readonly device: Device;
  readonly after: number;
  readonly inUse: boolean;
}

/** The suspicions that the logins raise, by their places. */
async function play({ store, clock }: TestStore, turns: readonly Turn[]): Promise<[number, string][]> {
  const signals: [number, string][] = [];
  let last = await logIn(store, "alice", { device: LAPTOP });
  for (const [index, { device, after, inUse }] of turns.entries()) {
    // Touches on the way keep it from idling.
    for (let left = after; left > 0; left -= 20 * MINUTE) {
      clock.advance(Math.min(left, 20 * MINUTE));
      if (inUse) expect(await store.validate(last.token)).toMatchObject({ outcome: "live" });
    }
    last = await logIn(store, "alice", { device });
    const { contention } = last;
    if (contention === undefined) continue;
    expect(last.session.contention).toEqual(contention);
    signals.push([index, `${contention.suspicion} ${contention.displacements}`]);
    expect(contention.devices.map(({ id }) => id).toSorted()).toEqual([LAPTOP.id, MOBILE.id]);
  }
  return signals;
}

const turn = (device: Device, after: number, inUse = true): Turn => ({ device, after, inUse });

describe("two people who share an account", () => {
  test("are signalled when one was displaced at work and came back for the third time in a day", async () => {
    const quarrel = [turn(MOBILE, HOUR), turn(LAPTOP, 12 * MINUTE)];
    const signals = await play(await createTestStore(), [...quarrel, ...quarrel, ...quarrel, ...quarrel]);
    expect(signals).toEqual([[5, "returns 3"]]);
  });

  test("by the quicker sign alone, where that has come just before", async () => {
    const turns = Array.from({ length: 10 }, (_, index) => turn(index % 2 ? LAPTOP : MOBILE, MINUTE));
    expect(await play(await createTestStore(), turns)).toEqual([[4, "displacements 5"]]);
  });
});

describe("nobody is signalled", () => {
  const day = (between: number, inUse: boolean) =>
    [MOBILE, LAPTOP, MOBILE, LAPTOP].map((device) => turn(device, between, inUse));
  test.each<[string, Turn[]]>([
    [
      "who goes from laptop to phone and back twice a day",
      [...day(5 * HOUR, false), ...day(5 * HOUR, false)],
    ],
    [
      "who does so within minutes",
      [...day(4 * MINUTE, true), turn(MOBILE, 23 * HOUR, false), turn(LAPTOP, HOUR)],
    ],
    [
      "who comes back later than a quarter of an hour",
      Array.from({ length: 8 }, (_, index) => turn(index % 2 ? LAPTOP : MOBILE, 16 * MINUTE)),
    ],
    [
      "whose other device was not in use any more",
      Array.from({ length: 8 }, (_, index) => turn(index % 2 ? LAPTOP : MOBILE, 14 * MINUTE, false)),
    ],
  ])("%s", async (_, turns) => {
    expect(await play(await createTestStore(), turns)).toEqual([]);
  });
});

const entry = (device: Device): RosterEntry => ({
  ...{ id: "x" as SessionId, createdAt: 0, expiresAt: 1e9, era: "1" },
  device,
});

test("a day later returns count from the beginning, and the history stays small", () => {
  let history: readonly Interruption[] = [];
  const signalledAt: number[] = [];
  for (let now = 0; now < 3 * RETURNS_WINDOW_MS; now += 10 * MINUTE) {
    const [by, other] = (now / (10 * MINUTE)) % 2 ? [LAPTOP, MOBILE] : [MOBILE, LAPTOP];
    const found = noteReturns(history, { by, interrupted: [entry(other)], told: new Set(), now });
    history = found.interruptions;
    if (found.contention !== undefined) signalledAt.push(now / HOUR);
    expect(JSON.stringify(history).length).toBeLessThan(2048);
  }
  expect(signalledAt).toHaveLength(3);
});

test("a login without a device cookie returns from nowhere, and interrupts nobody", () => {
  const history = [
    { at: 0, device: LAPTOP.id!, by: MOBILE.id!, awaited: { label: "x", class: "mobile" } as const },
  ];
  const { id: _, ...nameless } = LAPTOP;
  const login = { by: nameless, interrupted: [entry(MOBILE)], told: new Set<string>() };
  expect(noteReturns(history, { ...login, now: 1 })).toEqual({ interruptions: history });
  expect(noteReturns(history, { ...login, now: RETURN_WITHIN_MS })).toEqual({ interruptions: [] });
});
