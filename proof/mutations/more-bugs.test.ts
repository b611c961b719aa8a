// Long: started first.
import { describe, expect, test } from "vitest";
import { catchMutation } from "./catch.ts";
import { copyProduct } from "./copy-product.ts";
import { detect } from "./detectors.ts";
import { MORE_BUGS } from "./more-bugs.ts";
import { testDatabaseEndpoint } from "../../test/support/database-endpoint.ts";

const search = { endpoint: testDatabaseEndpoint(), seed: "mutations", rounds: 40, runs: 400 };
const MOST_MS = 120_000;

describe("a part of the protocol that is left out", () => {
  test.each(MORE_BUGS)(
    "(“$name”) is caught by $caughtBy.0, or by another",
    { timeout: MOST_MS },
    async (mutation) => {
      const said = await catchMutation(mutation, search);
      expect(said.at(-1)?.what, `nobody caught it: ${mutation.about}`).toBeDefined();
    },
  );
});

describe("a copy without any mutation", () => {
  // That rounds of every profile pass on the product itself is prove.test.ts.
  test.each([
    ["prove jitter", 3],
    ["prove expiring", 2],
    ["interleavings", 20],
  ] as const)("passes %s with the same seed", { timeout: MOST_MS }, async (detector, budget) => {
    const copy = await copyProduct();
    try {
      const said = await detect(detector, copy.root, { ...search, rounds: budget, runs: budget });
      expect(said.what).toBeUndefined();
    } finally {
      await copy.remove();
    }
  });
});
