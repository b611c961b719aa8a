import fc from "fast-check";
import type { History } from "./history.ts";
import { dice, USERS, type Policy } from "./simulated-dice.ts";
import { Simulation } from "./simulation.ts";

/** Histories that are right by construction, for the checker's own tests. */
export const simulatedHistories: fc.Arbitrary<History> = fc
  .record({
    policies: fc.tuple(...USERS.map(() => policyArbitrary())),
    all: fc.boolean(),
    throws: fc.array(dice, { minLength: 15, maxLength: 45 }),
  })
  .map(({ policies, all, throws }) => new Simulation(policies, all).run(throws));

function policyArbitrary(): fc.Arbitrary<Policy> {
  return fc.record({
    limit: fc.integer({ min: 1, max: 3 }),
    atLimit: fc.constantFrom("displace" as const, "deny" as const, "ask" as const),
  });
}
