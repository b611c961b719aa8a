/** How one kind of counter slows attempts down. All times are milliseconds. */
export interface ThrottleRule {
  /** Failures in a row after which an attempt has to wait. */
  readonly freeAttempts: number;
  /** The wait after the last free attempt failed; each further failure doubles it. */
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
  /** From so many failures on, each further attempt waits so long: the measure beyond the usual. */
  readonly persistent?: { readonly failures: number; readonly waitMs: number };
  /** A counter is forgotten so long after the failure that `forgetsAfter` names; longer than any wait. */
  readonly forgetMs: number;
  readonly forgetsAfter: "first-failure" | "last-failure";
}

/**
 * Failed attempts of one user name, address or device. Attempts under way count: each is a failure until it
 * succeeds.
 */
export interface FailureCounter {
  readonly failures: number;
  /** Epoch milliseconds of the last attempt that counts. */
  readonly lastAt: number;
  /** Epoch milliseconds from which on nothing of this counts any more. */
  readonly forgottenAt: number;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** NIST SP 800-63B-4 section 3.2.2 gives "30 seconds up to an hour" as its example of waits that increase. */
const WAITS = { firstWaitMs: 30 * SECOND, longestWaitMs: 15 * MINUTE } as const;

/** NIST SP 800-63B-4 section 3.2.2: 100 failures in a row on one account, then something more must happen. */
const PERSISTENT = { failures: 100, waitMs: HOUR } as const;

/**
 * For a user name, known or not. Ten free attempts: as many logins of one user from new devices may be under
 * way at once. The hundredth failure in a row comes after 21 h 30 min at the earliest; from then on there is
 * one attempt an hour.
 */
export const USER_RULE: ThrottleRule = {
  ...WAITS,
  freeAttempts: 10,
  persistent: PERSISTENT,
  forgetMs: 24 * HOUR,
  forgetsAfter: "last-failure",
};

/**
 * For a source address, whose failures are those of everybody behind it: they are never "in a row", so they
 * are counted by the hour. A hundred: an office or a mobile network makes some, somebody who tries one
 * password on many names makes more.
 */
export const ADDRESS_RULE: ThrottleRule = {
  ...WAITS,
  freeAttempts: 100,
  forgetMs: HOUR,
  forgetsAfter: "first-failure",
};

/** For a device that has signed in as this user before: a stolen device cookie must not guess freely. */
export const DEVICE_RULE: ThrottleRule = { ...USER_RULE, freeAttempts: 5 };

/** How long the attempt after so many failures in a row has to wait, in milliseconds from the last one. */
export function waitAfter(rule: ThrottleRule, failures: number): number {
  if (failures < rule.freeAttempts) return 0;
  if (rule.persistent !== undefined && failures >= rule.persistent.failures) return rule.persistent.waitMs;
  return Math.min(rule.longestWaitMs, rule.firstWaitMs * 2 ** (failures - rule.freeAttempts));
}

/** How long an attempt has to wait from `now` on, in milliseconds; 0 where it may be made. */
export function waitLeft(rule: ThrottleRule, counter: FailureCounter | undefined, now: number): number {
  if (counter === undefined || isForgotten(counter, now)) return 0;
  const until = counter.lastAt + waitAfter(rule, counter.failures);
  return Math.max(0, Math.min(until, counter.forgottenAt) - now);
}

/** TTL deletes a counter up to days after its time: until then this is what forgets it. */
export function isForgotten(counter: FailureCounter, now: number): boolean {
  return now >= counter.forgottenAt;
}

/** The counter with one more attempt, made at `now`. */
export function withAttempt(
  rule: ThrottleRule,
  counter: FailureCounter | undefined,
  now: number,
): FailureCounter {
  const fresh = now + rule.forgetMs;
  if (counter === undefined || isForgotten(counter, now))
    return { failures: 1, lastAt: now, forgottenAt: fresh };
  return {
    failures: counter.failures + 1,
    lastAt: now,
    forgottenAt: rule.forgetsAfter === "first-failure" ? counter.forgottenAt : fresh,
  };
}
