import { expect, test } from "vitest";
import { checkHistory } from "./checker.ts";
import { askLogin, dead, historyOf, live, login, logout, DONE, pair, limitOf } from "./hand-made.ts";
import { ILLEGAL_ENDS } from "./illegal-ends.ts";
import { ILLEGAL_LOGINS } from "./illegal-logins.ts";
import { LEGAL } from "./legal-histories.ts";

test.each(LEGAL)("accepted: $name", ({ timed, more }) => {
  const result = checkHistory(historyOf(timed, more));
  expect(result, "explanation" in result ? result.explanation : "").toEqual({ verdict: "linearizable" });
});

test.each([...ILLEGAL_LOGINS, ...ILLEGAL_ENDS])(
  "rejected as $invariant: $name",
  ({ timed, more, invariant }) => {
    expect(checkHistory(historyOf(timed, more))).toMatchObject({ verdict: "violation", invariant });
  },
);

test("a violation is explained by the operations it takes, what was possible before, and its seed", () => {
  const result = checkHistory(
    historyOf([
      [0, 10, login("id-of-a", pair)],
      [20, 30, live("id-of-a")],
      [20, 30, login("z", { userId: "bob" })],
      [40, 50, logout("id-of-a", true, DONE)],
      [60, 70, dead("id-of-a", "logged_out")],
      [80, 90, login("id-of-b", pair)],
      [100, 110, askLogin(limitOf("id-of-b"), { ...pair, atLimit: "deny" })],
      [120, 130, live("id-of-b")],
    ]),
  );
  if (result.verdict !== "violation") throw new Error(result.verdict);
  const { explanation } = result;
  expect(explanation).toContain("No place for: login alice (limit 2 deny) answered at the limit, has {s2}.");
  expect(explanation).toContain("Before it alice could have had: {s2}.");
  expect(explanation).toContain("s2 = id-of-b");
  expect(explanation).toContain("npm run prove -- --seed hand-made --rounds 1");
  expect(explanation).not.toContain("bob");
  expect(explanation).not.toContain("validate");
});
