import type { Timeouts } from "../../src/sessions/session.ts";
import { nameOf, SettingError, type GivenSetting } from "./setting-error.ts";
import type { GivenSettings } from "./setting-sources.ts";
import { toMilliseconds, toOneOf } from "./setting-values.ts";

/**
 * The authentication assurance levels of NIST SP 800-63B-4 whose session timeouts the setting `timeouts`
 * knows.
 */
export const TIMEOUT_LEVELS = ["AAL1", "AAL2", "AAL3"] as const;
export type TimeoutLevel = (typeof TIMEOUT_LEVELS)[number];

/**
 * Presets of the timeouts, to be spread into the props: `{ ...NIST.AAL2 }`. They set the level, which gives
 * both timeouts where they are not given, and refuses longer ones.
 */
export const NIST = {
  /** 30 days, with no idle timeout. */
  AAL1: { timeouts: "AAL1" },
  /** 24 hours, 1 hour idle. */
  AAL2: { timeouts: "AAL2" },
  /** 12 hours, 15 minutes idle. */
  AAL3: { timeouts: "AAL3" },
} as const satisfies Readonly<Record<TimeoutLevel, { readonly timeouts: TimeoutLevel }>>;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * NIST SP 800-63B-4 sections 2.1.3, 2.2.3 and 2.3.3: the longest overall and inactivity timeouts of a level.
 */
const LONGEST: Readonly<Record<TimeoutLevel, Timeouts>> = {
  AAL1: { absolute: 30 * DAY, idle: "none" },
  AAL2: { absolute: 24 * HOUR, idle: HOUR },
  AAL3: { absolute: 12 * HOUR, idle: 15 * MINUTE },
};
const DEFAULTS: Timeouts = { absolute: 12 * HOUR, idle: 30 * MINUTE };

/**
 * Both timeouts in milliseconds: as given, else those of the level, else the defaults.
 * @throws {@link SettingError} for an idle timeout beyond the absolute one, and for either beyond the
 * level's.
 */
export function readTimeouts(settings: GivenSettings): Timeouts {
  const { timeouts: level, absoluteTimeout: absoluteGiven, idleTimeout: idleGiven } = settings;
  const usual = level ? LONGEST[toOneOf(level, TIMEOUT_LEVELS)] : DEFAULTS;
  const absolute = absoluteGiven ? toMilliseconds(absoluteGiven) : usual.absolute;
  if (level && absoluteGiven && absolute > usual.absolute)
    throw beyond(absoluteGiven, level, inWords(usual.absolute));

  // Who shortens the absolute timeout alone has not asked for a contradiction.
  if (!idleGiven) return { idle: usual.idle === "none" ? "none" : Math.min(usual.idle, absolute), absolute };
  const idle = idleGiven.value === "none" ? "none" : toMilliseconds(idleGiven, ", or none");
  if (level && usual.idle !== "none" && (idle === "none" || idle > usual.idle))
    throw beyond(idleGiven, level, inWords(usual.idle));
  if (idle !== "none" && idle > absolute) {
    const limit = absoluteGiven
      ? nameOf(absoluteGiven)
      : `absoluteTimeout (${level ? nameOf(level) : "default"})`;
    throw SettingError.forValue(idleGiven, `none, or at most ${limit}, which is ${inWords(absolute)}`);
  }
  return { idle, absolute };
}

function beyond(timeout: GivenSetting, level: GivenSetting, limit: string): SettingError {
  const { value } = level;
  return SettingError.forValue(
    timeout,
    `at most ${limit}, which is the limit of ${nameOf(level)} ${String(value)} (NIST SP 800-63B-4)`,
  );
}

function inWords(milliseconds: number): string {
  return milliseconds % MINUTE === 0 ? `${milliseconds / MINUTE} minutes` : `${milliseconds / 1000} seconds`;
}
