import { describe, expect, test } from "vitest";
import { copyProduct } from "../mutations/copy-product.ts";
import { SIGN_IN_BUGS } from "../mutations/sign-in-bugs.ts";
import { SIGN_OUT_BUGS } from "../mutations/sign-out-bugs.ts";
import { search, showSearch } from "./search.ts";

const LONGEST_MS = 300_000;

test(
  "in histories of sign-ins, fixed and new, no refreshed token is let in after any kind of ending",
  { timeout: LONGEST_MS },
  async () => {
    const fixed = await search({ seed: "always", histories: 1000 });
    expect(fixed.violation, showSearch(fixed)).toBeUndefined();
    // A search that met no ending of a kind shows nothing of it.
    expect(Object.entries(fixed.refused).filter(([, times]) => times === 0)).toEqual([]);
    const fresh = await search({ seed: `date-${Date.now()}`, histories: 1000 });
    expect(fresh.violation, showSearch(fresh)).toBeUndefined();
  },
);

/** Some that the search sees soon; the model sees all of them. */
const SEEN_SOON = [
  "a sign-in leaves no mark",
  "a mark that lives as long as the timeout of its time",
  "a logout without a session spends nothing",
  "a revoke writes no time",
  "ending all others leaves no time",
];
const BUGS = [...SIGN_IN_BUGS, ...SIGN_OUT_BUGS].filter(({ name }) => SEEN_SOON.includes(name));

describe("a rule of bound sessions that is left out", () => {
  test.each(BUGS)("(“$name”) is seen by the search", { timeout: LONGEST_MS }, async (mutation) => {
    const copy = await copyProduct(mutation);
    try {
      const { violation } = await search({ seed: "bugs", histories: 500, root: copy.root });
      expect(violation?.what, mutation.about).toMatch(/^I[478]/);
    } finally {
      await copy.remove();
    }
  });

  test("is known to this list by its name", () => {
    expect(BUGS).toHaveLength(SEEN_SOON.length);
  });
});
