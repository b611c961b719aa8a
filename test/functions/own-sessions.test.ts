import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { NO_LIMIT } from "../../src/sessions/policy.ts";
import { SessionToken } from "../../src/sessions/token.ts";
import { addUsers, bearer, cookie, startFunctions, type Functions } from "./harness.ts";

const CLEARED =
  /^__Host-session=; Max-Age=0; Path=\/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; Secure; SameSite=Lax$/;
const FOREIGN = { "sec-fetch-site": "cross-site", origin: "https://evil.example" };

let functions: Functions;
beforeAll(async () => {
  functions = await startFunctions({ settings: { policy: NO_LIMIT, logoutAllSessions: false } });
  await addUsers(functions.directory, { alice: {}, bob: {} });
});
beforeEach(async () => {
  for (const userId of ["alice", "bob"])
    await functions.store.revoke({ userIds: [userId], revokedBy: "test" });
  functions.recorded.clear();
});
afterAll(() => void vi.restoreAllMocks());

interface Shown {
  readonly id: string;
  readonly current?: boolean;
}
const sessionsOf = async (token: string): Promise<Shown[]> =>
  (await functions.send("GET /sessions", bearer(token))).body["sessions"] as Shown[];
const isLive = async (token: string): Promise<boolean> =>
  (await functions.send("GET /session", { ...bearer(token), query: "watch=1" })).status === 200;

describe("GET /sessions", () => {
  test("lists one's own, newest first, and marks the current", async () => {
    const first = await functions.logIn("alice");
    functions.clock.now += 1000;
    const second = await functions.logIn("alice");
    await functions.logIn("bob");
    const sessions = await sessionsOf(first);
    expect(sessions.map(({ id }) => id)).toEqual(
      [second, first].map((token) => SessionToken.parse(token)?.sessionId("1")),
    );
    expect(sessions.map(({ current }) => current)).toEqual([undefined, true]);
  });

  test("has the current one also while the index does not", async () => {
    const lagging = await startFunctions({
      wrapStore: (store) => ({ ...store, listUser: () => Promise.resolve({ items: [] }) }),
    });
    await addUsers(lagging.directory, { alice: {} });
    const answer = await lagging.send("GET /sessions", bearer(await lagging.logIn("alice")));
    expect(answer.body["sessions"]).toMatchObject([{ current: true }]);
  });

  test("goes on over short pages", async () => {
    const paging = await startFunctions({
      settings: { policy: NO_LIMIT },
      wrapStore: (store) => ({
        ...store,
        listUser: (userId, page) => store.listUser(userId, { ...page, limit: 1 }),
      }),
    });
    await addUsers(paging.directory, { alice: {} });
    await paging.logIn("alice");
    await paging.logIn("alice");
    const answer = await paging.send("GET /sessions", bearer(await paging.logIn("alice")));
    expect(answer.body["sessions"]).toHaveLength(3);
  });

  test("without a session is 401", async () => {
    expect(await functions.send("GET /sessions")).toMatchObject({
      status: 401,
      body: { code: "no_session" },
    });
  });
});

describe("DELETE /sessions/{id}", () => {
  const idOf = (token: string) => SessionToken.parse(token)?.sessionId("1") ?? "";

  test("ends another of one's own, as logged out, and keeps the rest", async () => {
    const [mine, other, third] = [
      await functions.logIn("alice"),
      await functions.logIn("alice"),
      await functions.logIn("alice"),
    ];
    const answer = await functions.send(`DELETE /sessions/${idOf(other)}`, cookie(mine));
    expect(answer).toMatchObject({ status: 204, cookies: [] });
    expect((await functions.send("GET /session", bearer(other))).body["code"]).toBe("session_logged_out");
    expect([await isLive(mine), await isLive(third)]).toEqual([true, true]);
  });

  test("of the current one clears the cookie", async () => {
    const token = await functions.logIn("alice");
    const answer = await functions.send(`DELETE /sessions/${idOf(token)}`, cookie(token));
    expect(answer.status).toBe(204);
    expect(answer.cookies).toEqual([expect.stringMatching(CLEARED)]);
    expect(await isLive(token)).toBe(false);
  });

  test("is 404 for anybody else's, for none and for what is no id; nothing ends", async () => {
    const [mine, bobs] = [await functions.logIn("alice"), await functions.logIn("bob")];
    for (const id of [idOf(bobs), idOf(SessionToken.generate().reveal()), "x", "%20", "sessions"]) {
      const answer = await functions.send(`DELETE /sessions/${id}`, bearer(mine));
      expect(answer).toMatchObject({ status: 404, body: { code: "not_found" } });
    }
    expect([await isLive(mine), await isLive(bobs)]).toEqual([true, true]);
  });

  test("from a foreign page is 403, and by a bearer token needs no origin", async () => {
    const [mine, other] = [await functions.logIn("alice"), await functions.logIn("alice")];
    const path = `DELETE /sessions/${idOf(other)}`;
    expect((await functions.send(path, { ...cookie(mine), headers: FOREIGN })).status).toBe(403);
    expect(await isLive(other)).toBe(true);
    const headers = { ...FOREIGN, ...bearer(mine).headers };
    expect((await functions.send(path, { headers })).status).toBe(204);
  });

  test("without a session is 401, whatever the id", async () => {
    expect((await functions.send("DELETE /sessions/x")).status).toBe(401);
  });
});

describe("DELETE /sessions", () => {
  test("ends all others, counts them and keeps this one", async () => {
    const [mine, second, third] = [
      await functions.logIn("alice"),
      await functions.logIn("alice"),
      await functions.logIn("alice"),
    ];
    const bobs = await functions.logIn("bob");
    const answer = await functions.send("DELETE /sessions", cookie(mine));
    expect(answer).toMatchObject({ status: 200, body: { sessionCount: 2 } });
    const live = await Promise.all([mine, second, third, bobs].map(isLive));
    expect(live).toEqual([true, false, false, true]);
  });

  test("by a session that ends in between says why", async () => {
    const racing = await startFunctions({
      wrapStore: (store) => ({
        ...store,
        endOthers: async (token) => {
          await store.revoke({ userIds: ["alice"], revokedBy: "staff" });
          return store.endOthers(token);
        },
      }),
    });
    await addUsers(racing.directory, { alice: {} });
    const answer = await racing.send("DELETE /sessions", bearer(await racing.logIn("alice")));
    expect(answer).toMatchObject({
      status: 401,
      body: { code: "session_revoked", by: { administrator: true } },
    });
  });
});
