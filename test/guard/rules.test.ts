import { describe, expect, test } from "vitest";
import { checkRules, ruleProblem, type GuardRules } from "../../guard/rules.ts";
import type { Session } from "../../src/sessions/session.ts";
import { CHROME, MINUTE, user } from "../support/store.ts";
import type { SessionId } from "../../src/sessions/token.ts";

const NOW = Date.UTC(2030, 0, 1);

const session = (who: ReturnType<typeof user>, age = 0): Session => ({
  id: "A".repeat(43) as SessionId,
  user: who,
  identitySource: "trusted",
  device: CHROME,
  era: "1",
  createdAt: NOW - age,
  lastSeenAt: NOW,
  idleExpiresAt: NOW + MINUTE,
  expiresAt: NOW + MINUTE,
});

const problemOf = (rules: GuardRules, who = user("alice"), age = 0) =>
  ruleProblem(session(who, age), checkRules(rules), NOW);

const READER = user("reader", { permissions: ["reports.read", "other"] });
const ADMINISTRATOR = user("admin", { isAdmin: true });

test("without rules everybody may", () => {
  expect(problemOf({})).toBeUndefined();
  expect(problemOf({ administrator: false, watch: true })).toBeUndefined();
});

describe("a permission", () => {
  test("lets through who has it, who has any of several, and administrators", () => {
    expect(problemOf({ permission: "reports.read" }, READER)).toBeUndefined();
    expect(problemOf({ permission: ["reports.write", "reports.read"] }, READER)).toBeUndefined();
    expect(problemOf({ permission: "reports.read" }, ADMINISTRATOR)).toBeUndefined();
  });

  test.each(["reports.write", "reports", "toString", "reports.read,other"])(
    "that is not the caller's is 403: %s",
    (permission) => {
      expect(problemOf({ permission }, READER)).toMatchObject({
        status: 403,
        code: "permission_required",
        body: { permissions: [permission], detail: `This call needs the permission ${permission}.` },
      });
    },
  );
});

test("administrator lets through administrators only", () => {
  expect(problemOf({ administrator: true }, ADMINISTRATOR)).toBeUndefined();
  const everything = user("x", { permissions: ["single_session.logout_all", "administrator"] });
  expect(problemOf({ administrator: true }, everything)).toMatchObject({
    status: 403,
    code: "permission_required",
    body: { permissions: [], administrator: true },
  });
});

describe("reauthWithin", () => {
  test.each([
    [900, 900],
    ["900s", 900],
    ["15m", 900],
    ["1h", 3600],
    ["1d", 86_400],
  ] as const)(
    "of %s refuses a login of so many seconds ago, with the challenge of RFC 9470",
    (reauthWithin, seconds) => {
      expect(problemOf({ reauthWithin }, READER, seconds * 1000 - 1)).toBeUndefined();
      expect(problemOf({ reauthWithin }, ADMINISTRATOR, seconds * 1000)).toMatchObject({
        status: 403,
        code: "reauthentication_required",
        headers: {
          "WWW-Authenticate":
            'Bearer error="insufficient_user_authentication", ' +
            `error_description="A more recent login is needed", max_age="${seconds}"`,
        },
        body: { reauthWithin: seconds },
      });
    },
  );
});

test("a bound session is as old as the sign-in at the provider, however late it was first used", () => {
  const bound = { ...session(READER), bound: true, signedInAt: NOW - 20 * MINUTE } as const;
  expect(ruleProblem(bound, checkRules({ reauthWithin: "15m" }), NOW)).toMatchObject({
    code: "reauthentication_required",
  });
  expect(ruleProblem(bound, checkRules({ reauthWithin: "1h" }), NOW)).toBeUndefined();
});

test("who lacks the permission is told so first: another login would not help", () => {
  expect(problemOf({ permission: "x", reauthWithin: 1 }, READER, MINUTE)).toMatchObject({
    code: "permission_required",
  });
});

test.each([
  [{ permission: "" }, "permission"],
  [{ permission: [] }, "permission"],
  [{ permission: [5] }, "permission"],
  [{ permission: null }, "permission"],
  [{ administrator: "yes" }, "administrator"],
  [{ administrator: null }, "administrator"],
  [{ watch: 1 }, "watch"],
  [{ reauthWithin: 0 }, "reauthWithin"],
  [{ reauthWithin: -5 }, "reauthWithin"],
  [{ reauthWithin: NaN }, "reauthWithin"],
  [{ reauthWithin: Infinity }, "reauthWithin"],
  [{ reauthWithin: "900" }, "reauthWithin"],
  [{ reauthWithin: "15 minutes" }, "reauthWithin"],
  [{ reauthWithin: "0s" }, "reauthWithin"],
  [{ reauthWithin: null }, "reauthWithin"],
  [{ permissions: "reports.read" }, "no rule permissions"],
  [{ admin: true }, "no rule admin"],
])("%j cannot be right, and the error names it", (rules, named) => {
  expect(() => checkRules(rules as unknown as GuardRules)).toThrow(TypeError);
  expect(() => checkRules(rules as unknown as GuardRules)).toThrow(named);
});
