import type { SessionPolicy } from "../../src/sessions/policy.ts";
import type { Timeouts } from "../../src/sessions/session.ts";
import { Draws } from "../../test/support/seeded.ts";
import { OIDC_SOURCE } from "./id-tokens.ts";
import { PROFILES, type Profile, type ProfileName } from "./profiles.ts";

export type Source = "trusted" | "passwords" | "oidc";

export interface PlannedUser {
  readonly id: string;
  /** How this user signs in. A user of the directory also comes by a trusted backend now and then. */
  readonly source: Source;
  readonly policy: SessionPolicy;
}

/** All that a round's seed says before the round begins. */
export interface RoundPlan {
  readonly seed: string;
  readonly profile: Profile;
  readonly users: readonly PlannedUser[];
  /** Of each function instance: how far its clock is ahead, in virtual milliseconds. */
  readonly skewsMs: readonly number[];
  readonly clients: number;
  readonly operations: number;
  readonly logoutAllSessions: boolean;
  /** Virtual milliseconds to a real one. */
  readonly scale: number;
  readonly timeouts: Timeouts;
}

/** Two clocks differ by up to 5 s. */
export const LARGEST_SKEW_MS = 2500;
const DAY = 24 * 60 * 60_000;
/** An id token is taken for five minutes: at this scale, for five real seconds. */
const OIDC_SCALE = 60;

/** @param prefix makes the users' ids fresh ones. */
export function planRound(seed: string, prefix: string, profile?: Profile): RoundPlan {
  const draws = new Draws(seed, "plan");
  const chosen = profile ?? PROFILES[draws.pick(Object.keys(PROFILES) as ProfileName[])];
  const { scale, timeouts } = planTime(draws, chosen);
  const sources: readonly Source[] =
    scale > OIDC_SCALE ? ["trusted", "passwords"] : ["trusted", "passwords", "passwords", "oidc"];
  const users = Array.from({ length: draws.pick([1, 1, 2, 3]) }, (_, index): PlannedUser => {
    const source = draws.pick(sources);
    const name = `${prefix}-${index}`;
    return {
      id: source === "oidc" ? `${OIDC_SOURCE.name}:${name}` : name,
      source,
      policy: planPolicy(draws),
    };
  });
  return {
    seed,
    profile: chosen,
    users,
    skewsMs: Array.from({ length: draws.whole(2, 3) }, (_, index) =>
      // The two furthest apart are always there.
      Math.round(index === 0 ? -LARGEST_SKEW_MS : index === 1 ? LARGEST_SKEW_MS : draws.between(-2500, 2500)),
    ),
    clients: draws.whole(3, 6),
    operations: draws.whole(30, 60),
    logoutAllSessions: draws.chance(0.5),
    scale,
    timeouts,
  };
}

function planPolicy(draws: Draws): SessionPolicy {
  const limit = draws.chance(0.5) ? 1 : draws.whole(2, 4);
  return { limit, atLimit: draws.pick(["displace", "displace", "deny", "ask"]) };
}

/** In real milliseconds, a round takes one or two seconds without pauses. */
function planTime(draws: Draws, { timeouts }: Profile): Pick<RoundPlan, "scale" | "timeouts"> {
  switch (timeouts) {
    case "long":
      return { scale: draws.pick([1, OIDC_SCALE]), timeouts: { idle: DAY, absolute: 2 * DAY } };
    case "short": {
      const scale = draws.pick([40, OIDC_SCALE, 150]);
      const idle = draws.between(300, 900);
      return { scale, timeouts: inVirtual({ idle, absolute: idle * draws.between(1.2, 4) }, scale) };
    }
    case "ttl": {
      // An hour is 0.6 s then.
      const scale = 6000;
      return { scale, timeouts: inVirtual({ idle: 300, absolute: 400 }, scale) };
    }
  }
}

const inVirtual = (real: { idle: number; absolute: number }, scale: number): Timeouts => ({
  idle: Math.round(real.idle * scale),
  absolute: Math.round(real.absolute * scale),
});
