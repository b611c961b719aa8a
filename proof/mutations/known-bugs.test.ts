// Long: started first.
import { describe, expect, test } from "vitest";
import { catchMutation } from "./catch.ts";
import type { Detector } from "./detectors.ts";
import { KNOWN_BUGS } from "./known-bugs.ts";
import { testDatabaseEndpoint } from "../../test/support/database-endpoint.ts";

/** Chance decides how soon a round meets a bug; most are met in the first few. */
const search = { endpoint: testDatabaseEndpoint(), seed: "mutations", rounds: 30, runs: 400 };
const MOST_MS = 120_000;
/**
 * Of twelve, nine of which rounds are tried on first: chance may send some of those on to the interleavings
 * or the model.
 */
const LEAST_BY_HISTORY_CHECKER = 6;

describe("a bug that others have had", () => {
  const caught = new Map<string, Detector>();

  test.each(KNOWN_BUGS)(
    "(“$name”) is caught by $caughtBy.0, or by another",
    { timeout: MOST_MS },
    async (mutation) => {
      const said = (await catchMutation(mutation, search)).at(-1);
      expect(said?.what, `nobody caught it: ${mutation.about}`).toBeDefined();
      caught.set(mutation.name, said!.detector);
    },
  );

  test(`is caught by the history checker in ${LEAST_BY_HISTORY_CHECKER} of twelve cases and more`, () => {
    const byRounds = [...caught.values()].filter((detector) => detector.startsWith("prove"));
    expect(byRounds.length).toBeGreaterThanOrEqual(LEAST_BY_HISTORY_CHECKER);
  });
});
