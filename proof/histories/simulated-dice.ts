import fc from "fast-check";
import type { SessionPolicy } from "../../src/sessions/policy.ts";

export const USERS = ["alice", "bob"] as const;
export const SKEW_MS = 2000;

export type Policy = Pick<SessionPolicy, "limit" | "atLimit">;

/** What one step of a simulation is to be. */
export const dice = fc.record({
  kind: fc.constantFrom(
    ...([
      "login",
      "login",
      "login",
      "login",
      "validate",
      "validate",
      "validate",
      "logout",
      "endOne",
    ] as const),
    ...(["endOthers", "adminLogout", "disable", "enable", "changePassword"] as const),
  ),
  user: fc.constantFrom(...USERS),
  wait: fc.oneof({ weight: 12, arbitrary: fc.nat(4000) }, { weight: 1, arbitrary: fc.nat(70_000) }),
  before: fc.nat(6000),
  after: fc.nat(6000),
  skew: fc.integer({ min: -SKEW_MS, max: SKEW_MS }),
  pick: fc.nat(1000),
  other: fc.nat(1000),
  /**
   * What becomes of the answer: nothing, mostly; or it is lost with or without effect, or there was no effect
   * for sure.
   */
  fate: fc.constantFrom(
    ...(["answered", "answered", "answered", "answered", "answered"] as const),
    "lost",
    "never",
    "none",
  ),
  flag: fc.boolean(),
  source: fc.constantFrom("trusted", "passwords", "oidc"),
});
export type Dice = typeof dice extends fc.Arbitrary<infer T> ? T : never;
