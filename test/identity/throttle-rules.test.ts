import { describe, expect, test } from "vitest";
import {
  ADDRESS_RULE,
  DEVICE_RULE,
  USER_RULE,
  waitAfter,
  waitLeft,
  withAttempt,
  type FailureCounter,
  type ThrottleRule,
} from "../../src/identity/throttle-rules.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

describe("the wait after so many failures in a row", () => {
  test.each<[string, ThrottleRule, Record<number, number>]>([
    [
      "a user name",
      USER_RULE,
      {
        0: 0,
        9: 0,
        10: 30 * SECOND,
        11: 60 * SECOND,
        12: 2 * MINUTE,
        13: 4 * MINUTE,
        14: 8 * MINUTE,
        15: 15 * MINUTE,
        99: 15 * MINUTE,
        100: HOUR,
        1_000_000: HOUR,
      },
    ],
    [
      "an address",
      ADDRESS_RULE,
      { 99: 0, 100: 30 * SECOND, 101: 60 * SECOND, 105: 15 * MINUTE, 1_000_000: 15 * MINUTE },
    ],
    [
      "a known device",
      DEVICE_RULE,
      { 4: 0, 5: 30 * SECOND, 9: 8 * MINUTE, 10: 15 * MINUTE, 99: 15 * MINUTE, 100: HOUR },
    ],
  ])("of %s grows up to its cap", (_, rule, waits) => {
    for (const [failures, wait] of Object.entries(waits))
      expect([failures, waitAfter(rule, Number(failures))]).toEqual([failures, wait]);
  });

  test.each([
    ["user", USER_RULE],
    ["address", ADDRESS_RULE],
    ["device", DEVICE_RULE],
  ])("never falls as failures add up, and always ends before the counter is forgotten: %s", (_, rule) => {
    for (let failures = 0; failures < 300; failures++) {
      expect(waitAfter(rule, failures + 1)).toBeGreaterThanOrEqual(waitAfter(rule, failures));
      expect(waitAfter(rule, failures)).toBeLessThan(rule.forgetMs);
    }
  });
});

/**
 * Somebody who tries whenever it is allowed: how many attempts within a time, and when the hundredth was
 * made.
 */
function guessesWithin(rule: ThrottleRule, durationMs: number): { made: number; hundredthAt: number } {
  let counter: FailureCounter | undefined;
  let [now, made, hundredthAt] = [0, 0, Infinity];
  while (now < durationMs) {
    const wait = waitLeft(rule, counter, now);
    if (wait > 0) {
      now += wait;
      continue;
    }
    counter = withAttempt(rule, counter, now);
    if (++made === 100) hundredthAt = now;
  }
  return { made, hundredthAt };
}

describe("somebody who guesses whenever it is allowed", () => {
  test("makes the hundredth guess at a user name after 21 hours and a half, and one an hour from then on", () => {
    expect(guessesWithin(USER_RULE, 24 * HOUR)).toEqual({
      made: 102,
      hundredthAt: 21.5 * HOUR + 30 * SECOND,
    });
    expect(guessesWithin(USER_RULE, 365 * 24 * HOUR).made).toBeLessThan(9000);
  });

  test("makes some hundred an hour from one address", () => {
    expect(guessesWithin(ADDRESS_RULE, 24 * HOUR).made).toBeLessThan(24 * 110);
  });
});

describe("a counter", () => {
  const NOW = Date.UTC(2030, 0, 1);

  test("that is full lets nobody try before its wait has passed, and then lets try once", () => {
    const full = { failures: 10, lastAt: NOW, forgottenAt: NOW + 24 * HOUR };
    expect(waitLeft(USER_RULE, full, NOW)).toBe(30 * SECOND);
    expect(waitLeft(USER_RULE, full, NOW + 29_999)).toBe(1);
    expect(waitLeft(USER_RULE, full, NOW + 30_000)).toBe(0);
    expect(waitLeft(USER_RULE, withAttempt(USER_RULE, full, NOW + 30_000), NOW + 30_000)).toBe(60 * SECOND);
  });

  test("of a user name is forgotten a day after the last failure, whatever TTL did", () => {
    const first = withAttempt(USER_RULE, undefined, NOW);
    const second = withAttempt(USER_RULE, first, NOW + 23 * HOUR);
    expect(second).toEqual({ failures: 2, lastAt: NOW + 23 * HOUR, forgottenAt: NOW + 47 * HOUR });
    expect(withAttempt(USER_RULE, second, NOW + 47 * HOUR).failures).toBe(1);
    expect(waitLeft(USER_RULE, { ...second, failures: 10_000 }, NOW + 47 * HOUR)).toBe(0);
  });

  test("of an address is forgotten an hour after the first failure, so that a busy one does not fill up for ever", () => {
    const first = withAttempt(ADDRESS_RULE, undefined, NOW);
    const second = withAttempt(ADDRESS_RULE, first, NOW + 59 * MINUTE);
    expect(second).toMatchObject({ failures: 2, forgottenAt: NOW + HOUR });
    expect(withAttempt(ADDRESS_RULE, second, NOW + HOUR).failures).toBe(1);
    // A wait never outlives the counter that it is of.
    const full = { failures: 1000, lastAt: NOW + 59 * MINUTE, forgottenAt: NOW + HOUR };
    expect(waitLeft(ADDRESS_RULE, full, NOW + 59 * MINUTE)).toBe(MINUTE);
  });
});
