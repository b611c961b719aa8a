import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { NO_LIMIT } from "../../src/sessions/policy.ts";
import { SessionToken } from "../../src/sessions/token.ts";
import { addUsers, bearer, MINUTE, startFunctions, type Answer, type Functions } from "./harness.ts";

const idOf = (token: string): string => SessionToken.parse(token)?.sessionId("1") ?? "";

let functions: Functions;
beforeAll(async () => {
  functions = await startFunctions({ settings: { policy: NO_LIMIT, logoutAllSessions: false } });
  await addUsers(functions.directory, { alice: {} });
});
afterAll(() => void vi.restoreAllMocks());

let mine: string;
let other: string;
beforeEach(async () => {
  await functions.store.revoke({ userIds: ["alice"], revokedBy: "test" });
  mine = await functions.logIn("alice");
  other = await functions.logIn("alice");
});

const isLive = async (token: string): Promise<boolean> =>
  (await functions.send("GET /session", { ...bearer(token), query: "watch=1" })).status === 200;
const end = (route: string, token = mine): Promise<Answer> => functions.send(route, bearer(token));

describe("a login fifteen minutes old", () => {
  test.each([
    ["another of one's own sessions", () => `DELETE /sessions/${idOf(other)}`],
    ["a session that is not one's own", () => `DELETE /sessions/${"x".repeat(43)}`],
    ["all others", () => "DELETE /sessions"],
  ])("may not end %s: 403 says how young a login must be", async (_, route) => {
    functions.clock.now += 15 * MINUTE;
    const answer = await end(route());
    expect(answer).toMatchObject({
      status: 403,
      headers: { "Content-Type": "application/problem+json" },
      body: { code: "reauthentication_required", reauthWithin: 900 },
    });
    expect(await Promise.all([mine, other].map(isLive))).toEqual([true, true]);
  });

  test("may end itself, by its id and by logout", async () => {
    functions.clock.now += 15 * MINUTE;
    expect((await end(`DELETE /sessions/${idOf(mine)}`)).status).toBe(204);
    expect((await functions.send("POST /logout", bearer(other))).status).toBe(204);
    expect(await Promise.all([mine, other].map(isLive))).toEqual([false, false]);
  });

  test("that was active a moment ago is as old: activity is no login", async () => {
    functions.clock.now += 14 * MINUTE;
    expect((await functions.send("GET /session", bearer(mine))).status).toBe(200);
    functions.clock.now += MINUTE;
    expect((await end("DELETE /sessions")).status).toBe(403);
  });

  test("may end others after a fresh login", async () => {
    functions.clock.now += 15 * MINUTE;
    const fresh = await functions.logIn("alice", bearer(mine));
    expect(await end("DELETE /sessions", fresh)).toMatchObject({ status: 200, body: { sessionCount: 1 } });
  });
});

test("a login a millisecond younger may end others", async () => {
  functions.clock.now += 15 * MINUTE - 1;
  expect((await end(`DELETE /sessions/${idOf(other)}`)).status).toBe(204);
});

test("with none, a login of any age may end others", async () => {
  const lenient = await startFunctions({
    settings: { policy: NO_LIMIT, reauthWithin: "none", timeouts: { idle: "none", absolute: 720 * MINUTE } },
  });
  await addUsers(lenient.directory, { alice: {} });
  const [old] = [await lenient.logIn("alice"), await lenient.logIn("alice")];
  lenient.clock.now += 700 * MINUTE;
  expect(await lenient.send("DELETE /sessions", bearer(old))).toMatchObject({ body: { sessionCount: 1 } });
});
