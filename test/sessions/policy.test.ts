import { describe, expect, test } from "vitest";
import { HIGHEST_LIMIT, NO_LIMIT, ONE_SESSION, toSessionPolicy } from "../../src/sessions/policy.ts";

test.each([
  [true, ONE_SESSION],
  [false, NO_LIMIT],
  [
    { limit: 3, atLimit: "deny" },
    { limit: 3, atLimit: "deny" },
  ],
  [
    { limit: HIGHEST_LIMIT, atLimit: "ask", perDeviceClass: { mobile: 1 } },
    { limit: HIGHEST_LIMIT, atLimit: "ask", perDeviceClass: { mobile: 1 } },
  ],
])("%j is a policy", (answer, policy) => {
  expect(toSessionPolicy(answer)).toEqual(policy);
});

describe("what is no policy is refused, naming the field, the value and what is accepted", () => {
  test.each([
    [undefined, "true, false or {limit, atLimit}, not undefined"],
    [1, "true, false or {limit, atLimit}, not 1"],
    ["false", 'not "false"'],
    [null, "not null"],
    [{ limit: 0, atLimit: "deny" }, "limit is a whole number from 1 to 30, not 0"],
    [{ limit: 31, atLimit: "deny" }, "not 31"],
    [{ limit: 1.5, atLimit: "deny" }, "not 1.5"],
    [{ limit: 1, atLimit: "kick" }, 'atLimit is one of displace, deny, ask, not "kick"'],
    [{ limit: 1, atLimit: "deny", perUser: 1 }, "not perUser"],
    [
      { limit: 1, atLimit: "deny", perDeviceClass: { tablet: 1 } },
      'limits for mobile and desktop, not for "tablet"',
    ],
    [{ limit: 1, atLimit: "deny", perDeviceClass: { mobile: 0 } }, "perDeviceClass.mobile is a whole number"],
    [{ limit: 1, atLimit: "deny", perDeviceClass: 1 }, "is not 1"],
  ])("%j", (answer, message) => {
    expect(() => toSessionPolicy(answer)).toThrow(message);
  });
});
