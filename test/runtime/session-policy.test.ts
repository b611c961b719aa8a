import { expect, test } from "vitest";
import { SessionPolicyFailedError, sessionPolicyOf } from "../../src/runtime/session-policy.ts";
import { NO_LIMIT, ONE_SESSION, type PolicyUser } from "../../src/sessions/policy.ts";

const ALICE: PolicyUser = { id: "alice", isAdmin: false, permissions: ["a"], claims: { plan: "team" } };

test("a policy of the settings is everybody's, and no module is asked", async () => {
  expect(await sessionPolicyOf(ALICE, ONE_SESSION, {})).toEqual(ONE_SESSION);
});

test("a policy function sees the user and its answer counts", async () => {
  const byPlan = (user: PolicyUser) => user.claims["plan"] !== "team";
  expect(await sessionPolicyOf(ALICE, { policyExport: "byPlan" }, { byPlan })).toEqual(NO_LIMIT);
});

test("a policy function may answer later, with limit and atLimit", async () => {
  const later = () => Promise.resolve({ limit: 3, atLimit: "deny" });
  expect(await sessionPolicyOf(ALICE, { policyExport: "later" }, { later })).toEqual({
    limit: 3,
    atLimit: "deny",
  });
});

test("what a policy function does to its argument does not change who signs in", async () => {
  const promote = (user: { isAdmin: boolean; permissions: string[] }) => {
    user.isAdmin = true;
    user.permissions.push("single_session.logout_all");
    return true;
  };
  await sessionPolicyOf(ALICE, { policyExport: "promote" }, { promote });
  expect(ALICE).toEqual({ id: "alice", isAdmin: false, permissions: ["a"], claims: { plan: "team" } });
});

test.each([
  [
    "throws",
    () => {
      throw new Error("broken");
    },
  ],
  ["rejects", () => Promise.reject(new Error("broken"))],
  ["answers nothing", () => undefined],
  ["answers a truthy word", () => "yes"],
  ["answers an impossible limit", () => ({ limit: 0, atLimit: "displace" })],
])("a policy function that %s is a fault that keeps its cause", async (_, broken) => {
  const failed = sessionPolicyOf(ALICE, { policyExport: "broken" }, { broken });
  await expect(failed).rejects.toBeInstanceOf(SessionPolicyFailedError);
  await expect(failed).rejects.toHaveProperty("cause", expect.any(Error));
});

test("an export that is missing or no function is a fault that names it", async () => {
  for (const policyModule of [{}, { gone: 1 }]) {
    await expect(sessionPolicyOf(ALICE, { policyExport: "gone" }, policyModule)).rejects.toThrow('"gone"');
  }
});
