import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { NO_LIMIT } from "../../src/sessions/policy.ts";
import { LARGEST_LOG_OUT_BYTES } from "../../src/api/log-out-users.ts";
import { addUsers, bearer, cookie, json, startFunctions, type Functions } from "./harness.ts";

let functions: Functions;
let admin: string;
let staff: string;
let plain: string;
beforeAll(async () => {
  functions = await startFunctions({ settings: { policy: NO_LIMIT } });
  await addUsers(functions.directory, {
    admin: { isAdmin: true },
    boss: { isAdmin: true },
    staff: { permissions: ["single_session.logout"] },
    chief: { permissions: ["single_session.logout_all"] },
    alice: {},
    bob: {},
  });
  [admin, staff, plain] = [
    await functions.logIn("admin"),
    await functions.logIn("staff"),
    await functions.logIn("alice"),
  ];
});
beforeEach(() => functions.recorded.clear());
afterAll(() => void vi.restoreAllMocks());

const logOut = (token: string, body: unknown) =>
  functions.send("POST /admin/logout", json(body, bearer(token).headers));
const isLive = async (token: string): Promise<boolean> =>
  (await functions.send("GET /session", bearer(token))).status === 200;

describe("POST /admin/logout", () => {
  test("ends all sessions of the users named, and says how many", async () => {
    const bobs = [await functions.logIn("bob"), await functions.logIn("bob")];
    const answer = await logOut(staff, { userIds: ["bob", "nobody", "bob"] });
    expect(answer).toMatchObject({ status: 200 });
    expect(answer.body).toEqual({
      loggedOut: expect.arrayContaining([
        { userId: "bob", sessionCount: 2 },
        { userId: "nobody", sessionCount: 0 },
      ]) as unknown,
      skipped: [],
      unfinished: [],
    });
    expect(answer.body["loggedOut"]).toHaveLength(2);
    expect(await Promise.all(bobs.map(isLive))).toEqual([false, false]);
    const why = await functions.send("GET /session", bearer(bobs[0] ?? ""));
    expect(why.body).toMatchObject({ code: "session_revoked", by: { administrator: true } });
  });

  test("skips administrators, whom the directory knows now, not at their login", async () => {
    const boss = await functions.logIn("boss");
    const answer = await logOut(admin, { userIds: ["boss", "bob"] });
    expect(answer.body).toMatchObject({
      loggedOut: [{ userId: "bob" }],
      skipped: [{ userId: "boss", reason: "administrator" }],
    });
    expect(await isLive(boss)).toBe(true);
  });

  test("with administrators only skips them all", async () => {
    expect((await logOut(admin, { userIds: ["boss", "admin"] })).body).toEqual({
      loggedOut: [],
      skipped: [
        { userId: "boss", reason: "administrator" },
        { userId: "admin", reason: "administrator" },
      ],
      unfinished: [],
    });
  });

  test("takes users of other identity sources for administrators by their sessions", async () => {
    const tokenOf = async (id: string, isAdmin: boolean) =>
      ((await functions.invoke("login", { user: { id, isAdmin } })) as { token: string }).token;
    const [chief, worker] = [await tokenOf("corp:chief", true), await tokenOf("corp:worker", false)];
    const answer = await logOut(staff, { userIds: ["corp:chief", "corp:worker"] });
    expect(answer.body).toMatchObject({
      loggedOut: [{ userId: "corp:worker", sessionCount: 1 }],
      skipped: [{ userId: "corp:chief" }],
    });
    expect([await isLive(chief), await isLive(worker)]).toEqual([true, false]);
  });

  test("with includeAdmins by somebody who may, ends administrators' sessions too", async () => {
    const boss = await functions.logIn("boss");
    const chief = await functions.logIn("chief");
    const answer = await logOut(chief, { userIds: ["boss"], includeAdmins: true });
    expect(answer.body).toMatchObject({ loggedOut: [{ userId: "boss" }], skipped: [] });
    expect(await isLive(boss)).toBe(false);
  });

  test("with includeAdmins by somebody who may not is 403, and nobody is logged out", async () => {
    const bob = await functions.logIn("bob");
    const answer = await logOut(staff, { userIds: ["bob"], includeAdmins: true });
    expect(answer).toMatchObject({
      status: 403,
      body: { code: "permission_required", permissions: ["single_session.logout_all"] },
    });
    expect(await isLive(bob)).toBe(true);
  });

  test("by somebody without the permission is 403, without a session 401", async () => {
    expect(await logOut(plain, { userIds: ["bob"] })).toMatchObject({
      status: 403,
      body: { code: "permission_required" },
    });
    expect((await functions.send("POST /admin/logout", json({ userIds: ["bob"] }))).status).toBe(401);
  });

  test("by somebody who was disabled a moment ago is 403", async () => {
    await addUsers(functions.directory, { leaver: { isAdmin: true } });
    const leaver = await functions.logIn("leaver");
    expect((await logOut(leaver, { userIds: ["nobody"] })).status).toBe(200);
    await functions.directory.setDisabled("leaver", true);
    expect((await logOut(leaver, { userIds: ["nobody"] })).status).toBe(403);
    expect((await functions.send("GET /admin/sessions", bearer(leaver))).status).toBe(403);
  });

  test("from a foreign page is 403", async () => {
    const sent = { ...json({ userIds: ["bob"] }, { "sec-fetch-site": "cross-site" }), ...cookie(admin) };
    expect(await functions.send("POST /admin/logout", sent)).toMatchObject({
      body: { code: "cross_origin" },
    });
  });

  const ids = (count: number) => Array.from({ length: count }, (_, index) => `user-${index}`);
  const USER_ID =
    "a user id (a string of 1 to 512 UTF-8 bytes in Unicode NFC, without white space or invisible characters at its ends)";
  test.each<[string, unknown, string, string]>([
    [
      "1,001 ids",
      { userIds: ids(1001) },
      "#/userIds",
      "userIds is an array of 1001; accepted is an array of 1 to 1000 user ids.",
    ],
    [
      "no ids",
      { userIds: [] },
      "#/userIds",
      "userIds is an array of 0; accepted is an array of 1 to 1000 user ids.",
    ],
    ["an empty id", { userIds: ["bob", ""] }, "#/userIds/1", `userIds.1 is ""; accepted is ${USER_ID}.`],
    ["a number for an id", { userIds: [42] }, "#/userIds/0", `userIds.0 is 42; accepted is ${USER_ID}.`],
    [
      "a string for the ids",
      { userIds: "bob" },
      "#/userIds",
      'userIds is "bob"; accepted is an array of 1 to 1000 user ids.',
    ],
    [
      "a word for includeAdmins",
      { userIds: ["bob"], includeAdmins: "yes" },
      "#/includeAdmins",
      'includeAdmins is "yes"; accepted is true or false.',
    ],
    [
      "__proto__",
      '{"userIds":["bob"],"__proto__":{"includeAdmins":true}}',
      "#/__proto__",
      "__proto__ is not known here; accepted is an object with userIds, includeAdmins, reason, dryRun.",
    ],
    [
      "an actor",
      { userIds: ["bob"], actor: "admin" },
      "#/actor",
      "actor is not known here; accepted is an object with userIds, includeAdmins, reason, dryRun.",
    ],
  ])("with %s is 400 naming the field", async (_, body, pointer, detail) => {
    expect(await logOut(admin, body)).toMatchObject({
      status: 400,
      body: { code: "invalid_request", errors: [{ pointer, detail }] },
    });
  });

  test("takes 1,000 of the longest ids, escaped, in one body", async () => {
    const long = ids(1000).map((id) => id + "\u0001".repeat(512 - id.length));
    const body = JSON.stringify({ userIds: long });
    expect(body.length).toBeGreaterThan(2_900_000);
    const answer = await logOut(admin, body);
    expect(answer.status).toBe(200);
    expect(answer.body["loggedOut"]).toHaveLength(1000);
  });

  test("refuses a body that no 1,000 ids need", async () => {
    const answer = await logOut(admin, JSON.stringify({ userIds: ["x".repeat(LARGEST_LOG_OUT_BYTES)] }));
    expect(answer).toMatchObject({ status: 413, body: { code: "body_too_large" } });
  });

  test("leaves audit lines when it begins and when it ends, with counts and with whom it skipped", async () => {
    await functions.logIn("bob");
    await logOut(staff, { userIds: ["bob", "boss"] });
    const asked = { action: "admin_logout", actor: "staff", requested: 2, includeAdmins: false };
    expect(functions.recorded.lines("audit")).toMatchObject([
      { requestId: "request-2", audit: { ...asked, phase: "begun" } },
      { audit: { action: "admin_logout_targets", actor: "staff", userIds: ["bob", "boss"] } },
      { audit: { action: "admin_logout_skipped", actor: "staff", userIds: ["boss"] } },
      {
        requestId: "request-2",
        audit: { ...asked, phase: "ended", outcome: "finished", loggedOut: 1, skipped: 1, unfinished: 0 },
      },
    ]);
    expect(functions.recorded.counts()["Revoked"]).toBeGreaterThanOrEqual(1);
    expect(functions.recorded.counts()["RevocationsSkipped"]).toBe(1);
    expect(functions.recorded.text()).not.toContain(staff);
  });
});
