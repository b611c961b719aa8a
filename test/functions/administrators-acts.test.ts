import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { NO_LIMIT } from "../../src/sessions/policy.ts";
import { SessionToken } from "../../src/sessions/token.ts";
import { testClient } from "../support/dynamodb.ts";
import { addUsers, bearer, cookie, json, startFunctions, type Functions } from "./harness.ts";

let functions: Functions;
let staff: string;
let chief: string;
let plain: string;
const documents = testClient();
beforeAll(async () => {
  functions = await startFunctions({ settings: { policy: NO_LIMIT } });
  await addUsers(functions.directory, {
    boss: { isAdmin: true },
    staff: { permissions: ["single_session.logout"] },
    chief: { permissions: ["single_session.logout_all"] },
    alice: {},
    bob: {},
    carl: {},
  });
  [staff, chief, plain] = [
    await functions.logIn("staff"),
    await functions.logIn("chief"),
    await functions.logIn("alice"),
  ];
});
beforeEach(() => functions.recorded.clear());
afterAll(() => {
  documents.destroy();
  vi.restoreAllMocks();
});

const idOf = (token: string): string => SessionToken.parse(token)?.sessionId("1") ?? "";
const logOut = (token: string, body: object) =>
  functions.send("POST /admin/logout", json(body, bearer(token).headers));
const end = (token: string, id: string, query = "") =>
  functions.send(`DELETE /admin/sessions/${id}`, { ...bearer(token), query });
const audits = (): Record<string, unknown>[] =>
  functions.recorded.lines("audit").map(({ audit }) => audit as Record<string, unknown>);
const lastAudit = () => audits().at(-1);

/** Every item of the sessions table, whose pages a test's table does not fill. */
async function wholeTable(): Promise<unknown[]> {
  const { Items: items = [] } = await documents.send(
    new ScanCommand({ TableName: functions.tables.sessions, ConsistentRead: true }),
  );
  return items.toSorted((one, other) => String(one["pk"]).localeCompare(String(other["pk"])));
}

const ACCEPTED =
  "a text of 1 to 200 characters that is not blank and has no control characters or line breaks";

describe("a reason", () => {
  const REASON = "lost at the station";

  test("of a list of users is in the audit lines of its beginning and its end", async () => {
    await logOut(staff, { userIds: ["bob"], reason: REASON });
    expect(audits()).toMatchObject([
      { action: "admin_logout", phase: "begun", reason: REASON },
      { action: "admin_logout_targets", userIds: ["bob"] },
      { action: "admin_logout", phase: "ended", outcome: "finished", reason: REASON },
    ]);
  });

  test("of one session is in its audit line, over HTTP and by direct invocation", async () => {
    const [one, two] = [await functions.logIn("bob"), await functions.logIn("bob")];
    functions.recorded.clear();
    expect((await end(staff, idOf(one), `reason=${encodeURIComponent(REASON)}`)).status).toBe(204);
    await functions.invoke("end-session", { sessionId: idOf(two), actor: "carol", reason: REASON });
    expect(audits()).toMatchObject([
      { action: "end_session", actor: "staff", outcome: "finished", reason: REASON },
      { action: "end_session", actor: "carol", outcome: "finished", reason: REASON },
    ]);
  });

  test("may have as many characters as it says, whatever their bytes", async () => {
    expect((await logOut(staff, { userIds: ["bob"], reason: "\u{1f512}".repeat(200) })).status).toBe(200);
  });

  test.each([
    ["empty", ""],
    ["blank", " \u00a0\u200b "],
    ["of 201 characters", "x".repeat(201)],
    ["with a line break", "a\nb"],
    ["with a change of direction", "a\u202eb"],
    ["a number", 7],
  ])("that is %s is 400 naming the member, and nobody is logged out", async (_, reason) => {
    const bob = await functions.logIn("bob");
    const answer = await logOut(staff, { userIds: ["bob"], reason });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer: "#/reason" }] } });
    expect(answer.text).toContain(`accepted is ${ACCEPTED}.`);
    const one = await end(staff, idOf(bob), `reason=${encodeURIComponent(String(reason))}&dryRun=1`);
    expect(one).toMatchObject({ status: 400, body: { code: "invalid_request" } });
    expect((await functions.send("GET /session", bearer(bob))).status).toBe(200);
  });

  test("given twice, or misspelt, is 400 and ends nothing", async () => {
    const bob = await functions.logIn("bob");
    expect((await end(staff, idOf(bob), "reason=a&reason=b")).body).toMatchObject({
      errors: [{ parameter: "reason", detail: "reason is given more than once; accepted is one value." }],
    });
    expect((await end(staff, idOf(bob), "dryrun=true")).body).toMatchObject({
      errors: [{ parameter: "dryrun" }],
    });
    expect((await functions.send("GET /session", bearer(bob))).status).toBe(200);
  });
});

describe("a dry run", () => {
  test("of a list answers as the logout then does, and leaves every item as it was", async () => {
    await Promise.all([functions.logIn("carl"), functions.logIn("carl"), functions.logIn("boss")]);
    const userIds = ["carl", "boss", "nobody"];
    const before = await wholeTable();
    functions.recorded.clear();
    const dry = await logOut(staff, { userIds, dryRun: true });
    expect(await wholeTable()).toEqual(before);
    expect(lastAudit()).toMatchObject({ outcome: "dry-run", dryRun: true, sessionCount: 2, skipped: 1 });
    expect(functions.recorded.counts()).toEqual({});
    const { dryRun, ...told } = dry.body;
    expect([dry.status, dryRun]).toEqual([200, true]);
    expect((await logOut(staff, { userIds })).body).toEqual(told);
    expect(told["loggedOut"]).toContainEqual({ userId: "carl", sessionCount: 2 });
    expect(await wholeTable()).not.toEqual(before);
  });

  test("of one session shows it, and leaves every item as it was", async () => {
    const bob = await functions.logIn("bob");
    const before = await wholeTable();
    functions.recorded.clear();
    expect(await end(staff, idOf(bob), "dryRun=true")).toMatchObject({
      status: 200,
      body: { dryRun: true, session: { id: idOf(bob), userId: "bob", isAdmin: false } },
    });
    expect(await functions.invoke("end-session", { sessionId: idOf(bob), dryRun: true })).toEqual({
      sessionId: idOf(bob),
      userId: "bob",
      dryRun: true,
    });
    expect(await wholeTable()).toEqual(before);
    expect(audits()).toMatchObject([
      { actor: "staff", outcome: "dry-run", dryRun: true, targetUserId: "bob" },
      { actor: "direct-invocation", outcome: "dry-run", dryRun: true, targetUserId: "bob" },
    ]);
    expect(functions.recorded.counts()).toEqual({});
    expect((await end(staff, idOf(bob), "dryRun=false")).status).toBe(204);
  });

  test("is refused as the act itself is", async () => {
    const boss = await functions.logIn("boss");
    expect((await end(staff, idOf(boss), "dryRun=true")).body).toMatchObject({ code: "permission_required" });
    expect((await end(chief, idOf(boss), "dryRun=true")).status).toBe(200);
    expect((await end(plain, idOf(boss), "dryRun=true")).status).toBe(403);
    expect((await end(staff, "x", "dryRun=true")).status).toBe(404);
    const everybody = { userIds: ["boss"], includeAdmins: true, dryRun: true };
    expect((await logOut(staff, everybody)).status).toBe(403);
    expect((await logOut(plain, { userIds: ["bob"], dryRun: true })).status).toBe(403);
    expect((await logOut(chief, everybody)).body).toMatchObject({ loggedOut: [{ userId: "boss" }] });
    expect((await functions.send("GET /session", bearer(boss))).status).toBe(200);
  });
});

describe("an act that is refused leaves an audit line with who tried it, and on whom", () => {
  const refused = { outcome: "refused" } as const;

  test("for want of the permission", async () => {
    await logOut(plain, { userIds: ["bob", "boss"], reason: "revenge" });
    expect(audits()).toMatchObject([
      { action: "admin_logout_targets", actor: "alice", userIds: ["bob", "boss"] },
      { ...refused, action: "admin_logout", actor: "alice", code: "permission_required", requested: 2 },
    ]);
    await logOut(plain, {});
    expect(lastAudit()).toMatchObject({ ...refused, actor: "alice", code: "permission_required" });
    await end(plain, "A".repeat(43));
    expect(lastAudit()).toMatchObject({ ...refused, action: "end_session", targetSessionId: "A".repeat(43) });
  });

  test("for administrators among those named", async () => {
    await logOut(staff, { userIds: ["boss"], includeAdmins: true });
    expect(lastAudit()).toMatchObject({ ...refused, actor: "staff", includeAdmins: true, requested: 1 });
  });

  test("where there is no such session", async () => {
    await end(staff, "A".repeat(43));
    expect(lastAudit()).toMatchObject({ ...refused, code: "not_found", targetSessionId: "A".repeat(43) });
    await end(staff, "x");
    expect(lastAudit()).toMatchObject({ ...refused, code: "not_found", actor: "staff" });
  });

  test("from a page of another origin, by the person whose browser it used", async () => {
    const foreign = { ...cookie(chief), headers: { "sec-fetch-site": "cross-site" } };
    const sent = { ...foreign, ...json({ userIds: ["bob"] }, foreign.headers) };
    expect((await functions.send("POST /admin/logout", sent)).status).toBe(403);
    expect(lastAudit()).toMatchObject({ ...refused, actor: "chief", code: "cross_origin" });
    await functions.send(`DELETE /admin/sessions/${"A".repeat(43)}`, foreign);
    expect(lastAudit()).toMatchObject({ ...refused, action: "end_session", code: "cross_origin" });
    functions.recorded.clear();
    await functions.send("DELETE /sessions", foreign);
    const stranger = { ...foreign, ...cookie(SessionToken.generate().reveal()) };
    await functions.send(`DELETE /admin/sessions/${"A".repeat(43)}`, stranger);
    expect(audits()).toEqual([]);
  });
});
