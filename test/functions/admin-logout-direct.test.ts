import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { lambdaContext } from "../http/events.ts";
import { addUsers, bearer, startFunctions, type Functions } from "./harness.ts";

let functions: Functions;
beforeAll(async () => {
  functions = await startFunctions();
  await addUsers(functions.directory, { boss: { isAdmin: true }, bob: {} });
});
beforeEach(() => functions.recorded.clear());
afterAll(() => void vi.restoreAllMocks());

const isLive = async (token: string): Promise<boolean> =>
  (await functions.send("GET /session", bearer(token))).status === 200;

describe("an administrators' logout by direct invocation", () => {
  test("needs no session, skips administrators, and is recorded under the actor's name", async () => {
    const bob = await functions.logIn("bob");
    expect(
      await functions.invoke("admin-logout", { userIds: ["bob", "boss"], actor: "offboarding" }),
    ).toMatchObject({
      loggedOut: [{ userId: "bob" }],
      skipped: [{ userId: "boss", reason: "administrator" }],
      unfinished: [],
    });
    expect(await isLive(bob)).toBe(false);
    expect(functions.recorded.lines("audit")).toMatchObject([
      { audit: { actor: "offboarding", phase: "begun" } },
      { audit: { actor: "offboarding", userIds: ["bob", "boss"] } },
      { audit: { actor: "offboarding", userIds: ["boss"] } },
      { audit: { actor: "offboarding", phase: "ended" } },
    ]);
    const { items } = await functions.store.listEndings("bob", { limit: 1 });
    expect(items).toMatchObject([{ reason: "revoked", endedBy: "offboarding" }]);
  });

  test("with includeAdmins ends administrators' sessions", async () => {
    const boss = await functions.logIn("boss");
    await functions.invoke("admin-logout", { userIds: ["boss"], includeAdmins: true });
    expect(await isLive(boss)).toBe(false);
    expect(functions.recorded.lines("audit")).toMatchObject([
      { audit: { actor: "direct-invocation", phase: "begun" } },
      { audit: { actor: "direct-invocation", userIds: ["boss"] } },
      { audit: { actor: "direct-invocation", phase: "ended" } },
    ]);
  });

  test.each([
    [{}, "#/userIds"],
    [{ userIds: [""] }, "#/userIds/0"],
    [{ userIds: ["a"], actor: "" }, "#/actor"],
    [{ userIds: ["a"], reason: " " }, "#/reason"],
    [{ userIds: ["a"], dryRun: "yes" }, "#/dryRun"],
    [{ userIds: ["a"], because: "left" }, "#/because"],
    [{ userIds: "a" }, "#/userIds"],
  ])("%j is refused, not thrown, naming the field", async (event, pointer) => {
    const answer = await functions.invoke("admin-logout", event);
    expect(answer).toMatchObject({
      code: "invalid_request",
      errors: expect.arrayContaining([expect.objectContaining({ pointer })]) as unknown,
    });
    expect(functions.recorded.lines("audit")).toMatchObject([{ audit: { outcome: "refused" } }]);
    expect(functions.recorded.counts()["RevocationsRefused"]).toBe(1);
  });

  test("inside an event with requestContext is none: the caller there needs a session", async () => {
    const requestContext = { http: { method: "POST" } };
    const event = {
      version: "2.0",
      rawPath: "/admin/logout",
      requestContext,
      userIds: ["bob"],
      body: '{"userIds":["bob"]}',
    };
    expect(await functions.invoke("admin-logout", event)).toMatchObject({ statusCode: 401 });
  });

  test("that has no time left ends nothing and names everybody as unfinished", async () => {
    const bob = await functions.logIn("bob");
    const answer = await functions.invoke("admin-logout", { userIds: ["bob"] }, lambdaContext(1500));
    expect(answer).toEqual({ loggedOut: [], skipped: [], unfinished: ["bob"] });
    expect(await isLive(bob)).toBe(true);
  });
});
