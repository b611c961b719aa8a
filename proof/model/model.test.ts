import { beforeAll, describe, expect, test } from "vitest";
import { explore } from "./explore.ts";
import { loadProduct, type ModelledProduct } from "./product.ts";
import { showExploration } from "./run.ts";
import { SCENARIOS } from "./scenarios.ts";
import { WEAKER } from "./weaker.ts";

let product: ModelledProduct;

beforeAll(async () => {
  product = await loadProduct();
});

describe("every interleaving keeps the invariants (I2 to I6)", () => {
  test.each(SCENARIOS.filter(({ deep }) => deep !== true))("of $name", async (scenario) => {
    const exploration = await explore(product, scenario);
    expect(exploration.verdict, showExploration(exploration)).toBe("holds");
  });
});

describe("some interleaving breaks a protocol", () => {
  test.each(WEAKER)("$name", async ({ scenario: where, tamper, violates }) => {
    const scenario = SCENARIOS.find(({ name }) => name === where)!;
    const exploration = await explore(product, { ...scenario, tamper });
    expect(exploration.violation?.invariant, showExploration(exploration)).toBe(violates);
  });
});
