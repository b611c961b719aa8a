import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { NO_LIMIT } from "../../src/sessions/policy.ts";
import { addUsers, bearer, startFunctions, type Functions } from "./harness.ts";

let functions: Functions;
let staff: string;
let plain: string;
beforeAll(async () => {
  functions = await startFunctions({ settings: { policy: NO_LIMIT } });
  await addUsers(functions.directory, {
    staff: { permissions: ["single_session.logout"] },
    chief: { permissions: ["single_session.logout_all"] },
    alice: {},
    bob: {},
  });
  [staff, plain] = [await functions.logIn("staff"), await functions.logIn("alice")];
});
beforeEach(() => functions.recorded.clear());
afterAll(() => void vi.restoreAllMocks());

describe("GET /admin/sessions", () => {
  interface Listed {
    readonly userId: string;
    readonly id: string;
  }
  const list = (query: string, token = staff) =>
    functions.send("GET /admin/sessions", { ...bearer(token), query });

  test("lists everybody's live sessions a page at a time, each once", async () => {
    for (let count = 0; count < 3; count++) await functions.logIn("bob");
    const all: Listed[] = [];
    let cursor = "";
    do {
      const answer = await list(`limit=2${cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`}`);
      expect(answer.status).toBe(200);
      const sessions = answer.body["sessions"] as Listed[];
      expect(sessions.length).toBeLessThanOrEqual(2);
      all.push(...sessions);
      cursor = (answer.body["cursor"] as string | undefined) ?? "";
    } while (cursor !== "");
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    expect(all.map(({ userId }) => userId).sort()).toEqual(["alice", "bob", "bob", "bob", "staff"]);
  });

  test("says of whom each session is, and whether that is an administrator", async () => {
    await addUsers(functions.directory, { boss: { isAdmin: true } });
    await functions.logIn("boss");
    const [boss] = (await list("userId=boss")).body["sessions"] as Listed[];
    const [own] = (await list("userId=staff")).body["sessions"] as Listed[];
    expect([boss, own]).toMatchObject([
      { userId: "boss", isAdmin: true },
      { userId: "staff", isAdmin: false },
    ]);
    await functions.store.revoke({ userIds: ["boss"], revokedBy: "test" });
  });

  test("of one user lists that user's, and leaves an audit line", async () => {
    await functions.logIn("bob");
    functions.recorded.clear();
    const answer = await list("userId=bob");
    const sessions = answer.body["sessions"] as Listed[];
    expect(new Set(sessions.map(({ userId }) => userId))).toEqual(new Set(["bob"]));
    expect(functions.recorded.lines("audit")).toMatchObject([
      { audit: { action: "list_sessions", actor: "staff", targetUserId: "bob" } },
    ]);
  });

  test.each([
    ["limit=0", "limit", 'limit is "0"; accepted is a whole number from 1 to 100.'],
    ["limit=101", "limit", 'limit is "101"; accepted is a whole number from 1 to 100.'],
    ["limit=1e1", "limit", 'limit is "1e1"; accepted is a whole number from 1 to 100.'],
    ["limit=1&limit=2", "limit", "limit is given more than once; accepted is one value."],
    [
      "userId=",
      "userId",
      'userId is ""; accepted is a user id (a string of 1 to 512 UTF-8 bytes in Unicode NFC, without white space or invisible characters at its ends).',
    ],
    ["userid=bob", "userid", "userid is not known here; accepted is an object with userId, cursor, limit."],
    [
      "cursor=made-up",
      "cursor",
      "cursor is none that this listing gave; accepted is the cursor of its last page.",
    ],
  ])("?%s is 400 naming the parameter", async (query, parameter, detail) => {
    expect(await list(query)).toMatchObject({ status: 400, body: { errors: [{ parameter, detail }] } });
  });

  test("without the permission is 403", async () => {
    expect((await list("", plain)).status).toBe(403);
  });
});

describe("GET /admin/endings", () => {
  test("says why, when and by whom a user's sessions ended", async () => {
    const token = await functions.logIn("chief");
    await functions.send("POST /logout", bearer(token));
    const answer = await functions.send("GET /admin/endings", {
      ...bearer(staff),
      query: "userId=chief&limit=1",
    });
    expect(answer.body["endings"]).toEqual([
      {
        sessionId: expect.stringMatching(/^[\w-]{43}$/) as string,
        userId: "chief",
        reason: "logged_out",
        endedAt: new Date(functions.clock.now).toISOString(),
        endedBy: "chief",
        endedDevice: "tests",
      },
    ]);
  });

  test("without a user is 400, without the permission 403", async () => {
    expect(await functions.send("GET /admin/endings", bearer(staff))).toMatchObject({
      status: 400,
      body: { errors: [{ parameter: "userId" }] },
    });
    expect(
      (await functions.send("GET /admin/endings", { ...bearer(plain), query: "userId=bob" })).status,
    ).toBe(403);
  });
});
