import { expect, test } from "vitest";
import {
  EARLIEST_TOUCH_MS,
  isElsewhere,
  notePlace,
  type NotedPlace,
  type SeenPlace,
} from "../../src/sessions/places.ts";
import { touchInterval } from "../../src/sessions/session.ts";
import { Draws } from "../support/seeded.ts";
import { SETTINGS } from "../support/store.ts";

/** How fast a copied token is found: the rules of a touch, at random times. The guide states these rates. */

const SECOND = 1000;
const TRIES = 1000;
const OWNER: SeenPlace = {
  ...{ label: "Chrome on Windows", class: "desktop", network: "192.0.2.0/24" },
  by: "cookie",
};
const COPY: SeenPlace = { ...OWNER, label: "Firefox on Linux", network: "198.51.100.0/24" };

/** When a client asks that is active: at intervals, each a tenth longer or shorter by chance. */
function asks(draws: Draws, interval: number, until: number): number[] {
  const times: number[] = [];
  const share = (from: number, to: number) =>
    draws.whole(Math.round(from * interval), Math.round(to * interval));
  for (let at = share(0, 1); at < until; at += share(0.9, 1.1)) times.push(at);
  return times;
}

/** How long after the copy's first request the session was suspected. */
function foundAfter(draws: Draws, interval: number): number {
  const until = 10 * 60 * SECOND;
  const owner = asks(draws, interval, until).map((at) => ({ at, seen: OWNER }));
  const copy = asks(draws, interval, until).map((at) => ({ at: at + 60 * SECOND, seen: COPY }));
  let session: NotedPlace & { lastSeenAt: number } = { ...notePlace({}, OWNER, 0), lastSeenAt: 0 };
  for (const { at, seen } of [...owner, ...copy].toSorted((one, other) => one.at - other.at)) {
    const age = at - session.lastSeenAt;
    const isDue = age > touchInterval(SETTINGS.timeouts);
    if (!isDue && !(age >= EARLIEST_TOUCH_MS && isElsewhere(session, seen))) continue;
    session = { ...session, ...notePlace(session, seen, at), lastSeenAt: at };
    if (session.suspectedAt !== undefined) return at - copy[0]!.at;
  }
  return Infinity;
}

test.each([
  [10, 0.95],
  [15, 0.95],
  [30, 0.6],
])("asking each %i s, a copy is found within a minute in a share of at least %f", (seconds, least) => {
  const draws = new Draws(`every ${seconds}`);
  const found = Array.from({ length: TRIES }, () => foundAfter(draws, seconds * SECOND));
  const share = found.filter((after) => after <= 60 * SECOND).length / TRIES;
  expect(share).toBeGreaterThanOrEqual(least);
  // And every one of them soon after.
  expect(Math.max(...found)).toBeLessThan(5 * 60 * SECOND);
});
