// Long: started first.
import { describe, expect, test } from "vitest";
import { copyProduct } from "../mutations/copy-product.ts";
import { OUTBOX_BUGS } from "./bugs.ts";
import { search, showSearch } from "./search.ts";

const LONGEST_MS = 300_000;

/** What the search must have met, or it shows nothing of it. */
const MET = [
  "calls with a failed record",
  "contention told by the bus",
  ...["displaced", "expired", "logged_out", "revoked", "unknown"].map((reason) => `ended as ${reason}`),
  "ended told by the queue",
  "events-lost told by the bus",
  "hints",
  "inserted by restore",
  ...["commit", "ttl", "write"].map((cause) => `removed by ${cause}`),
  "started told by the queue",
  "unreadable kept",
];

test(
  "in histories, fixed and new, every start and every end is told, and rightly, whatever fails",
  { timeout: LONGEST_MS },
  async () => {
    const fixed = await search({ seed: "always", changes: 6000 });
    expect(fixed.violation, showSearch(fixed)).toBeUndefined();
    expect(MET.filter((what) => fixed.seen[what] === undefined)).toEqual([]);
    const fresh = await search({ seed: `date-${Date.now()}`, changes: 6000 });
    expect(fresh.violation, showSearch(fresh)).toBeUndefined();
  },
);

describe("a rule of the outbox that is left out", () => {
  test.each(OUTBOX_BUGS)("(“$name”) is seen by the search", { timeout: LONGEST_MS }, async (bug) => {
    const copy = await copyProduct(bug);
    try {
      const { violation } = await search({ seed: "bugs", changes: 16_000, root: copy.root });
      expect(violation?.what, bug.about).toMatch(bug.says);
    } finally {
      await copy.remove();
    }
  });
});
