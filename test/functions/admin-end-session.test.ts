import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { NO_LIMIT } from "../../src/sessions/policy.ts";
import { SessionToken } from "../../src/sessions/token.ts";
import { addUsers, bearer, cookie, MINUTE, startFunctions, type Functions } from "./harness.ts";

let functions: Functions;
beforeAll(async () => {
  functions = await startFunctions({ settings: { policy: NO_LIMIT } });
  await addUsers(functions.directory, {
    admin: { isAdmin: true },
    boss: { isAdmin: true },
    staff: { permissions: ["single_session.logout"] },
    chief: { permissions: ["single_session.logout_all"] },
    alice: {},
    bob: {},
    gone: {},
  });
});
beforeEach(() => functions.recorded.clear());
afterAll(() => void vi.restoreAllMocks());

const idOf = (token: string): string => SessionToken.parse(token)?.sessionId("1") ?? "";
const end = (by: string, id: string) => functions.send(`DELETE /admin/sessions/${id}`, bearer(by));
const isLive = async (token: string): Promise<boolean> =>
  (await functions.send("GET /session", bearer(token))).status === 200;

describe("DELETE /admin/sessions/{id}", () => {
  test("by somebody who may log users out ends that session as revoked, and no other", async () => {
    const staff = await functions.logIn("staff");
    const [one, other] = [await functions.logIn("bob"), await functions.logIn("bob")];
    expect(await end(staff, idOf(one))).toMatchObject({ status: 204, text: "", cookies: [] });
    expect((await functions.send("GET /session", bearer(one))).body).toMatchObject({
      code: "session_revoked",
      by: { administrator: true },
    });
    expect(await isLive(other)).toBe(true);
    const { items } = await functions.store.listEndings("bob", { limit: 1 });
    expect(items).toMatchObject([{ sessionId: idOf(one), reason: "revoked", endedBy: "staff" }]);
  });

  test("leaves an audit line with who ended which session of whom, and counts it", async () => {
    const staff = await functions.logIn("staff");
    const one = await functions.logIn("bob");
    functions.recorded.clear();
    await end(staff, idOf(one));
    expect(functions.recorded.lines("audit")).toMatchObject([
      {
        requestId: "request-2",
        audit: { action: "end_session", actor: "staff", targetUserId: "bob", targetSessionId: idOf(one) },
      },
    ]);
    expect(functions.recorded.counts()["Revoked"]).toBe(1);
  });

  test("of an administrator needs the permission to log out everybody", async () => {
    const [staff, chief] = [await functions.logIn("staff"), await functions.logIn("chief")];
    const boss = await functions.logIn("boss");
    expect(await end(staff, idOf(boss))).toMatchObject({
      status: 403,
      body: { code: "permission_required", permissions: ["single_session.logout_all"] },
    });
    expect(functions.recorded.lines("audit")).toMatchObject([
      {
        audit: {
          actor: "staff",
          outcome: "refused",
          code: "permission_required",
          targetUserId: "boss",
          targetSessionId: idOf(boss),
        },
      },
    ]);
    expect(await isLive(boss)).toBe(true);
    expect((await end(chief, idOf(boss))).status).toBe(204);
    expect(await isLive(boss)).toBe(false);
  });

  test("takes for an administrator whom the directory calls one now, not at the login", async () => {
    await addUsers(functions.directory, { rising: {}, leaving: { isAdmin: true } });
    const staff = await functions.logIn("staff");
    const [rising, leaving] = [await functions.logIn("rising"), await functions.logIn("leaving")];
    await functions.directory.setPermissions("rising", { isAdmin: true, permissions: [] });
    await functions.directory.setDisabled("leaving", true);
    expect((await end(staff, idOf(rising))).status).toBe(403);
    expect((await end(staff, idOf(leaving))).status).toBe(204);
  });

  test("takes users of other identity sources for administrators by the session", async () => {
    const tokenOf = async (id: string, isAdmin: boolean) =>
      ((await functions.invoke("login", { user: { id, isAdmin } })) as { token: string }).token;
    const staff = await functions.logIn("staff");
    expect((await end(staff, idOf(await tokenOf("corp:chief", true)))).status).toBe(403);
    expect((await end(staff, idOf(await tokenOf("corp:worker", false)))).status).toBe(204);
  });

  test("by somebody without a permission is 403 whatever the id, also with the permission taken away", async () => {
    const [alice, bob] = [await functions.logIn("alice"), await functions.logIn("bob")];
    for (const id of [idOf(bob), idOf(alice), idOf(SessionToken.generate().reveal()), "x"]) {
      expect(await end(alice, id)).toMatchObject({ status: 403, body: { code: "permission_required" } });
    }
    await addUsers(functions.directory, { fired: { isAdmin: true } });
    const fired = await functions.logIn("fired");
    await functions.directory.setDisabled("fired", true);
    expect((await end(fired, idOf(bob))).status).toBe(403);
    expect(await isLive(bob)).toBe(true);
  });

  test("without a session is 401, and from a foreign page with the cookie 403", async () => {
    const [admin, bob] = [await functions.logIn("admin"), await functions.logIn("bob")];
    const route = `DELETE /admin/sessions/${idOf(bob)}`;
    expect((await functions.send(route)).status).toBe(401);
    const foreign = { ...cookie(admin), headers: { "sec-fetch-site": "cross-site" } };
    expect(await functions.send(route, foreign)).toMatchObject({ body: { code: "cross_origin" } });
    expect(await isLive(bob)).toBe(true);
    expect((await functions.send(route, cookie(admin))).status).toBe(204);
  });

  test("is 404 for an id of none, for what is no id, and for a session that is dead", async () => {
    const admin = await functions.logIn("admin");
    const gone = await functions.logIn("gone");
    await functions.send("POST /logout", bearer(gone));
    for (const id of [idOf(SessionToken.generate().reveal()), "x", "%20", idOf(gone)]) {
      expect(await end(admin, id)).toMatchObject({ status: 404, body: { code: "not_found" } });
    }
    const { items } = await functions.store.listEndings("gone", { limit: 1 });
    expect(items).toMatchObject([{ reason: "logged_out" }]);
  });

  test("is 404 for a session that has expired, and needs no recent login", async () => {
    const bob = await functions.logIn("bob");
    functions.clock.now += 20 * MINUTE;
    const admin = await functions.logIn("admin");
    const fresh = await functions.logIn("bob");
    functions.clock.now += 20 * MINUTE;
    expect((await end(admin, idOf(bob))).status).toBe(404);
    expect((await end(admin, idOf(fresh))).status).toBe(204);
  });

  test("of one's own session ends it as revoked", async () => {
    const admin = await functions.logIn("admin");
    expect((await end(admin, idOf(admin))).status).toBe(204);
    expect((await functions.send("GET /session", bearer(admin))).body["code"]).toBe("session_revoked");
  });

  test("that names no session ends none, whatever route led here", async () => {
    const [admin, other] = [await functions.logIn("admin"), await functions.logIn("admin")];
    expect((await functions.send("DELETE /admin/sessions/", bearer(admin))).status).toBe(404);
    expect(await isLive(other)).toBe(true);
  });
});

describe("end-session by direct invocation", () => {
  const invoke = (event: unknown) => functions.invoke("end-session", event);

  test("ends one session without a caller, and is recorded under the actor's name", async () => {
    const [one, other] = [await functions.logIn("alice"), await functions.logIn("alice")];
    functions.recorded.clear();
    expect(await invoke({ sessionId: idOf(one), actor: "carol" })).toEqual({
      sessionId: idOf(one),
      userId: "alice",
    });
    expect([await isLive(one), await isLive(other)]).toEqual([false, true]);
    expect(functions.recorded.lines("audit")).toMatchObject([
      { audit: { action: "end_session", actor: "carol", targetUserId: "alice", targetSessionId: idOf(one) } },
    ]);
    expect(await invoke({ sessionId: idOf(one) })).toMatchObject({ code: "not_found" });
  });

  test("leaves an administrator's alone unless includeAdmins says so", async () => {
    const boss = await functions.logIn("boss");
    expect(await invoke({ sessionId: idOf(boss) })).toMatchObject({
      code: "permission_required",
      userId: "boss",
    });
    expect(await isLive(boss)).toBe(true);
    expect(await invoke({ sessionId: idOf(boss), includeAdmins: true })).toMatchObject({ userId: "boss" });
    expect(await isLive(boss)).toBe(false);
  });

  test.each([
    [{}, "#/sessionId"],
    [{ sessionId: "short" }, "#/sessionId"],
    [{ sessionId: "A".repeat(43), actor: "" }, "#/actor"],
    [{ sessionId: "A".repeat(43), includeAdmins: "yes" }, "#/includeAdmins"],
    [{ sessionId: "A".repeat(43), userId: "bob" }, "#/userId"],
  ])("%j is refused, not thrown, naming the field", async (event, pointer) => {
    expect(await invoke(event)).toMatchObject({
      code: "invalid_request",
      errors: expect.arrayContaining([expect.objectContaining({ pointer })]) as unknown,
    });
  });

  test("inside an event with requestContext is none: the caller there needs a session", async () => {
    const bob = await functions.logIn("bob");
    const event = {
      version: "2.0",
      rawPath: `/admin/sessions/${idOf(bob)}`,
      requestContext: { http: { method: "DELETE" } },
      sessionId: idOf(bob),
    };
    expect(await invoke(event)).toMatchObject({ statusCode: 401 });
    expect(await isLive(bob)).toBe(true);
  });
});
