import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { ROUTES } from "../../infra/routes.ts";
import { createUserManagement } from "../../src/identity/manage-users.ts";
import { NO_LIMIT } from "../../src/sessions/policy.ts";
import { SessionToken } from "../../src/sessions/token.ts";
import { eventV2 } from "../http/events.ts";
import { addUsers, bearer, cookie, MINUTE, startFunctions, type Functions } from "../functions/harness.ts";

let functions: Functions;
beforeAll(async () => {
  functions = await startFunctions({ settings: { policy: NO_LIMIT } });
  await addUsers(functions.directory, { alice: {}, bob: {}, admin: { isAdmin: true } });
});
beforeEach(() => functions.store.revoke({ userIds: ["alice", "bob", "admin"], revokedBy: "test" }));
afterAll(() => void vi.restoreAllMocks());

/** By direct invocation, which hashes no password. */
const logIn = async (id: string): Promise<string> =>
  ((await functions.invoke("login", { user: { id, isAdmin: id === "admin" } })) as { readonly token: string })
    .token;
const codeOf = async (token: string, query = "watch=1"): Promise<unknown> =>
  (await functions.send("GET /session", { ...bearer(token), query })).body["code"] ?? "live";
const idOf = (token: string): string => SessionToken.parse(token)?.sessionId("1") ?? "";
const isAuthorized = async (token: string): Promise<unknown> =>
  ((await functions.invoke("authorize", eventV2(cookie(token)))) as { isAuthorized: unknown }).isAuthorized;

/** Every call that needs a session: each route but the two that anybody may ask. */
const NEEDING_A_SESSION = ROUTES.filter(({ path }) => path !== "/login" && path !== "/logout").map(
  ({ method, path }) => `${method} ${path.replace("{id}", "A".repeat(43))}`,
);

/** What each of them answers to a token. */
const statuses = (token: string): Promise<number[]> =>
  Promise.all(NEEDING_A_SESSION.map(async (route) => (await functions.send(route, cookie(token))).status));
const ALL_REFUSED = NEEDING_A_SESSION.map(() => 401);

describe("ASVS 7.2.1", () => {
  test("a token that no login of this deployment gave is refused by every call and by the authorizer", async () => {
    const alices = await logIn("alice");
    const forged = [SessionToken.generate().reveal(), idOf(alices), Array.from(alices).reverse().join("")];
    for (const token of forged) {
      expect(await statuses(token)).toEqual(ALL_REFUSED);
      expect(await isAuthorized(token)).toBe(false);
    }
    expect(await codeOf(alices)).toBe("live");
  });
});

describe("ASVS 7.2.2", () => {
  test("two logins of one user at one time give two tokens that have nothing in common", async () => {
    const [one, other] = [await logIn("alice"), await logIn("alice")];
    const same = Array.from(one).filter((character, place) => other[place] === character).length;
    // Of 43 random characters out of 64, 0.7 are the same by chance; a dozen never are.
    expect(same).toBeLessThan(12);
  });
});

describe("ASVS 7.2.3", () => {
  test("a token is all of 256 bits that the generator gave, and nothing else", () => {
    const asked: number[] = [];
    const token = SessionToken.generate((size) => {
      asked.push(size);
      return Uint8Array.from({ length: size }, (_, place) => place * 7);
    });
    expect(asked).toEqual([32]);
    expect([...Buffer.from(token.reveal(), "base64url")]).toEqual(
      Array.from({ length: 32 }, (_, place) => (place * 7) % 256),
    );
  });

  test("of a thousand tokens no two are alike and no bit is fixed", () => {
    const tokens = Array.from({ length: 1000 }, () => SessionToken.generate().reveal());
    expect(new Set(tokens).size).toBe(1000);
    const ones = Array<number>(256).fill(0);
    for (const token of tokens) {
      const bytes = Buffer.from(token, "base64url");
      ones.forEach((count, bit) => (ones[bit] = count + (((bytes[bit >> 3] ?? 0) >> (bit & 7)) & 1)));
    }
    // Seven standard deviations (15.8) from the middle: once in billions of runs.
    expect(Math.min(...ones)).toBeGreaterThan(389);
    expect(Math.max(...ones)).toBeLessThan(611);
  });
});

describe("ASVS 7.2.4", () => {
  test("re-authentication gives a new token and ends the old one, of the same user on the same client", async () => {
    const old = await logIn("alice");
    const fresh = await functions.logIn("alice", cookie(old));
    expect(fresh).not.toBe(old);
    expect([await codeOf(fresh), await codeOf(old)]).toEqual(["live", "session_logged_out"]);
  });
});

describe("ASVS 7.3.1", () => {
  test("thirty minutes without activity end a session, and activity before that does not", async () => {
    const [active, idle] = [await logIn("alice"), await logIn("alice")];
    functions.clock.now += 29 * MINUTE;
    expect(await codeOf(active, "")).toBe("live");
    functions.clock.now += MINUTE;
    expect([await codeOf(active), await codeOf(idle)]).toEqual(["live", "session_expired"]);
    expect(await statuses(idle)).toEqual(ALL_REFUSED);
  });
});

describe("ASVS 7.3.2", () => {
  test("twelve hours after the login a session ends, however active it was", async () => {
    const token = await logIn("alice");
    for (let minutes = 0; minutes < 720 - 20; minutes += 20) {
      functions.clock.now += 20 * MINUTE;
      expect(await codeOf(token, "")).toBe("live");
    }
    functions.clock.now += 20 * MINUTE;
    expect(await codeOf(token, "")).toBe("session_expired");
  });
});

describe("ASVS 7.4.1", () => {
  test.each([
    ["logout", (token: string) => functions.send("POST /logout", cookie(token)).then(() => undefined)],
    ["expiration", () => Promise.resolve(void (functions.clock.now += 720 * MINUTE))],
  ])(
    "after %s the token opens nothing, here or behind the authorizer, and no page was cached",
    async (_, end) => {
      const token = await logIn("alice");
      const before = await functions.send("GET /session", cookie(token));
      expect(before).toMatchObject({ status: 200, headers: { "Cache-Control": "no-store" } });
      expect(await isAuthorized(token)).toBe(true);
      await end(token);
      expect(await statuses(token)).toEqual(ALL_REFUSED);
      expect(await isAuthorized(token)).toBe(false);
    },
  );
});

describe("ASVS 7.4.2 and 7.4.3", () => {
  const management = () =>
    createUserManagement({ directory: functions.directory, sessions: functions.store });

  test.each([
    ["disabled", () => management().disableUser("bob"), () => management().enableUser("bob")],
    ["given a new password", () => management().setPassword("bob", "another long password"), () => undefined],
    ["removed", () => management().removeUser("bob"), () => addUsers(functions.directory, { bob: {} })],
  ])("a user who is %s has no session left, and nobody else lost one", async (_, change, undo) => {
    const [one, other, alices] = [await logIn("bob"), await logIn("bob"), await logIn("alice")];
    expect(await change()).toMatchObject({ outcome: "changed", sessionCount: 2 });
    expect([await codeOf(one), await codeOf(other), await codeOf(alices)]).toEqual([
      "session_revoked",
      "session_revoked",
      "live",
    ]);
    await undo();
  });
});

describe("ASVS 7.4.5", () => {
  test("an administrator ends one user's sessions, or everybody's, and is told how many", async () => {
    const tokens = [await logIn("alice"), await logIn("alice"), await logIn("bob")];
    const admin = bearer(await logIn("admin"));
    const end = (userIds: readonly string[]) =>
      functions.send("POST /admin/logout", {
        headers: { ...admin.headers, "content-type": "application/json" },
        body: JSON.stringify({ userIds, includeAdmins: false }),
      });
    expect((await end(["alice"])).body["loggedOut"]).toEqual([{ userId: "alice", sessionCount: 2 }]);
    expect(await Promise.all(tokens.map((token) => codeOf(token)))).toEqual([
      "session_revoked",
      "session_revoked",
      "live",
    ]);
    const listed = await functions.send("GET /admin/sessions", { ...admin, query: "limit=100" });
    const everybody = (listed.body["sessions"] as { userId: string }[]).map(({ userId }) => userId);
    await end([...new Set(everybody)]);
    expect(await codeOf(String(tokens[2]))).toBe("session_revoked");
  });
});

describe("ASVS 7.5.2", () => {
  test("a user sees all of the own sessions and, freshly logged in, ends one or all others", async () => {
    const tokens = [await logIn("alice"), await logIn("alice"), await logIn("alice")] as const;
    const [mine, first, second] = tokens;
    const list = await functions.send("GET /sessions", bearer(mine));
    const seen = (list.body["sessions"] as { id: string }[]).map(({ id }) => id);
    expect(seen.sort()).toEqual(tokens.map(idOf).sort());
    expect((await functions.send(`DELETE /sessions/${idOf(first)}`, bearer(mine))).status).toBe(204);
    expect(await codeOf(first)).toBe("session_logged_out");
    functions.clock.now += 15 * MINUTE;
    expect((await functions.send("DELETE /sessions", bearer(mine))).body["code"]).toBe(
      "reauthentication_required",
    );
    const fresh = await functions.logIn("alice", bearer(mine));
    expect((await functions.send("DELETE /sessions", bearer(fresh))).body).toEqual({ sessionCount: 1 });
    expect(await codeOf(second)).toBe("session_logged_out");
  });
});

describe("ASVS 7.6.2", () => {
  test("no call but a login makes a session, whoever makes it", async () => {
    for (const { method, path } of ROUTES.filter((route) => route.path !== "/login")) {
      const answer = await functions.send(`${method} ${path.replace("{id}", "A".repeat(43))}`);
      const given = answer.cookies.filter((line) => !line.startsWith("__Host-session=;"));
      expect({ path, given, token: answer.body["token"] }).toEqual({ path, given: [], token: undefined });
    }
    expect((await functions.store.listAll({ limit: 100 })).items).toEqual([]);
  });
});
