import type { FaultRates } from "../../test/support/fault-plan.ts";

/** The circumstances of a round. */
export interface Profile {
  readonly name: string;
  readonly faults: FaultRates;
  /**
   * The probability that the environment of a call stops in the middle of it, or that its answer is lost on
   * the way.
   */
  readonly crashes: number;
  readonly lostAnswers: number;
  /**
   * `short`: idle and absolute timeouts pass within the round. `ttl`: so does the hour after which TTL
   * removes a roster.
   */
  readonly timeouts: "long" | "short" | "ttl";
  /** What TTL does: nothing, or its work at once. */
  readonly ttl: "never" | "at-once";
}

const QUIET: Profile = {
  name: "quiet",
  faults: { delay: 0.1 },
  crashes: 0,
  lostAnswers: 0,
  timeouts: "long",
  ttl: "never",
};

const EVERYTHING: FaultRates = {
  delay: 0.15,
  late: 0.002,
  "drop-request": 0.01,
  "drop-answer": 0.015,
  "break-answer": 0.005,
  throttled: 0.02,
  conflict: 0.04,
  "in-progress": 0.01,
  unprocessed: 0.25,
  "server-error": 0.01,
  "server-error-after-effect": 0.01,
  "deliver-twice": 0.05,
  "index-lag": 0.5,
};

/** Every round is run under one of these; the seed says which, unless one is asked for. */
export const PROFILES = {
  quiet: QUIET,
  /**
   * Requests at the same time, in every order, and nothing else: answers can be checked at their strictest.
   */
  jitter: { ...QUIET, name: "jitter", faults: { delay: 0.6 } },
  usual: { ...QUIET, name: "usual", faults: EVERYTHING, crashes: 0.04, lostAnswers: 0.02 },
  ambiguous: {
    ...QUIET,
    name: "ambiguous",
    faults: {
      delay: 0.2,
      late: 0.01,
      "drop-answer": 0.12,
      "break-answer": 0.04,
      "server-error-after-effect": 0.05,
      "deliver-twice": 0.2,
    },
    crashes: 0.08,
    lostAnswers: 0.05,
  },
  contended: {
    ...QUIET,
    name: "contended",
    faults: { delay: 0.3, throttled: 0.05, conflict: 0.2, "in-progress": 0.02, unprocessed: 0.5 },
  },
  lagging: { ...QUIET, name: "lagging", faults: { delay: 0.3, "index-lag": 1, unprocessed: 0.2 } },
  expiring: {
    ...QUIET,
    name: "expiring",
    faults: { delay: 0.15, conflict: 0.03, "drop-answer": 0.02 },
    timeouts: "short",
    ttl: "never",
  },
  "expiring-ttl": {
    ...QUIET,
    name: "expiring-ttl",
    faults: { delay: 0.15, conflict: 0.03, "drop-answer": 0.02 },
    crashes: 0.02,
    timeouts: "short",
    ttl: "at-once",
  },
  "rosters-removed": {
    ...QUIET,
    name: "rosters-removed",
    faults: { delay: 0.5 },
    timeouts: "ttl",
    ttl: "at-once",
  },
} as const satisfies Record<string, Profile>;

export type ProfileName = keyof typeof PROFILES;
