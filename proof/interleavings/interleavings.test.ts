import fc from "fast-check";
import { expect, test } from "vitest";
import { loadProduct } from "../histories/product.ts";
import { createPlace } from "./place.ts";
import { plans } from "./plan.ts";
import { runPlan } from "./run-plan.ts";
import { testDatabaseEndpoint } from "../../test/support/database-endpoint.ts";

/**
 * `INTERLEAVINGS_RUNS=5000 INTERLEAVINGS_SEED=7` for a long run; a failure names the seed, and shrinks to few
 * requests.
 */
const RUNS = Number(process.env["INTERLEAVINGS_RUNS"] ?? 100);
const SEED = Number(process.env["INTERLEAVINGS_SEED"] ?? 1);
const MOST_MS_FOR_A_RUN = 2000;

test(
  `two and three operations at once keep every invariant, in each of ${RUNS} orders of their requests`,
  async () => {
    const place = await createPlace(testDatabaseEndpoint());
    const product = await loadProduct();
    let requests = 0;
    await fc.assert(
      fc.asyncProperty(plans, async (plan) => {
        requests += await runPlan(product, place, plan);
      }),
      { numRuns: RUNS, seed: SEED, includeErrorInReport: true },
    );
    expect(requests).toBeGreaterThan(3 * RUNS);
  },
  60_000 + RUNS * MOST_MS_FOR_A_RUN,
);

test("the same plan gives the same order of requests and the same ids each time", async () => {
  const place = await createPlace(testDatabaseEndpoint());
  const product = await loadProduct();
  const [plan] = fc.sample(
    plans.filter(({ clients, before }) => clients.length === 3 && before > 1),
    { numRuns: 1, seed: SEED },
  );
  const taken: string[][] = [];
  for (let again = 0; again < 3; again++) await runPlan(product, place, plan!, (turns) => taken.push(turns));
  expect(taken[0]!.length).toBeGreaterThan(2);
  expect(taken[1]).toEqual(taken[0]);
  expect(taken[2]).toEqual(taken[0]);
});
