import { afterAll, describe, expect, test, vi } from "vitest";
import { addUsers, bearer, json, PASSWORD, startFunctions } from "./harness.ts";

afterAll(() => void vi.restoreAllMocks());

const credentials = () => ({ username: "alice", password: PASSWORD });

test("where there is no password directory, POST /login is 404 and direct logins work", async () => {
  const trusted = await startFunctions({ directory: "none" });
  expect((await trusted.send("POST /login", json(credentials()))).status).toBe(404);
  expect(await trusted.invoke("login", { user: { id: "alice" } })).toHaveProperty("token");
});

describe("at the limit of a deny policy", () => {
  test("a login is 409 with the live sessions, counted as denied, and ends nothing", async () => {
    const denying = await startFunctions({ settings: { policy: { limit: 1, atLimit: "deny" } } });
    await addUsers(denying.directory, { alice: {} });
    const token = await denying.logIn("alice");
    const answer = await denying.send("POST /login", json(credentials()));
    expect(answer).toMatchObject({
      status: 409,
      cookies: [],
      body: { code: "session_limit", atLimit: "deny", sessions: [{ device: { label: "tests" } }] },
    });
    expect(answer.text).not.toContain('"era"');
    expect((await denying.send("GET /session", bearer(token))).status).toBe(200);
    expect(denying.recorded.counts()).toMatchObject({ Denied: 1 });
    expect(denying.recorded.counts()).not.toHaveProperty("FailedLogins");
    expect(await denying.invoke("login", { user: { id: "alice" } })).toMatchObject({
      code: "session_limit",
      atLimit: "deny",
      sessions: [{ device: { label: "tests" } }],
    });
  });
});

describe("a policy function", () => {
  test("that throws refuses the login with 500 policy_failed and a log line, and ends nothing", async () => {
    let broken = false;
    const policyModule = {
      policy: () => {
        if (broken) throw new Error("the plan is gone");
        return true;
      },
    };
    const own = await startFunctions({ settings: { policy: { policyExport: "policy" } }, policyModule });
    await addUsers(own.directory, { alice: {} });
    const token = await own.logIn("alice");
    broken = true;
    const answer = await own.send("POST /login", json(credentials()));
    expect(answer).toMatchObject({ status: 500, cookies: [], body: { code: "policy_failed" } });
    expect(answer.text).not.toContain("plan");
    expect(own.recorded.text()).toContain("the plan is gone");
    expect((await own.send("GET /session", bearer(token))).status).toBe(200);
    await expect(own.invoke("login", { user: { id: "alice" } })).rejects.toThrow("policy");
  });

  test("sees the claims of a direct login", async () => {
    const policyModule = {
      byPlan: (user: { claims: Record<string, unknown> }) => user.claims["plan"] === "solo",
    };
    const own = await startFunctions({ settings: { policy: { policyExport: "byPlan" } }, policyModule });
    const logInTwice = async (plan: string) => {
      const user = { id: `user-${plan}`, claims: { plan } };
      await own.invoke("login", { user });
      return own.invoke("login", { user });
    };
    expect(await logInTwice("solo")).toMatchObject({ displaced: [{}] });
    expect(await logInTwice("team")).toMatchObject({ displaced: [] });
  });
});
