import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { problemType } from "../../src/api/parts/problem-type.ts";
import {
  addUsers,
  bearer,
  cookie,
  json,
  PASSWORD,
  startFunctions,
  tokenOf,
  type Functions,
} from "./harness.ts";

const CHROME =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36";
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

let functions: Functions;
beforeAll(async () => {
  functions = await startFunctions();
  await addUsers(functions.directory, { alice: {}, bob: {}, admin: { isAdmin: true } });
});
beforeEach(() => functions.recorded.clear());
afterAll(() => void vi.restoreAllMocks());

const credentials = (more: object = {}) => ({ username: "alice", password: PASSWORD, ...more });
const logIn = (body: unknown, headers: Record<string, string> = {}) =>
  functions.send("POST /login", json(body, headers));

describe("a login with the right password", () => {
  test("is 201 with user, session and the cookie", async () => {
    const answer = await logIn(credentials(), { "user-agent": CHROME });
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({
      user: { id: "alice", isAdmin: false, permissions: [] },
      session: {
        id: expect.stringMatching(/^[\w-]{43}$/) as string,
        createdAt: expect.stringMatching(ISO) as string,
        lastSeenAt: expect.stringMatching(ISO) as string,
        idleExpiresAt: new Date(functions.clock.now + 30 * 60_000).toISOString(),
        expiresAt: new Date(functions.clock.now + 12 * 3_600_000).toISOString(),
        device: { label: "Chrome on Windows", class: "desktop", userAgent: CHROME, address: "192.0.2.2" },
      },
      displaced: expect.any(Array) as unknown[],
    });
    expect(answer.cookies[0]).toMatch(
      /; Max-Age=43200; Path=\/; Expires=[^;]+ GMT; HttpOnly; Secure; SameSite=Lax$/,
    );
    expect((await functions.send("GET /session", cookie(tokenOf(answer)))).status).toBe(200);
  });

  test("asked to deliver a token has it in the body and sets no cookie", async () => {
    const answer = await logIn(credentials({ deliver: "token" }));
    expect(answer).toMatchObject({ status: 201, cookies: [] });
    expect((await functions.send("GET /session", bearer(String(answer.body["token"])))).status).toBe(200);
  });

  test("displaces the user's other session and says which", async () => {
    const first = await logIn(credentials());
    const second = await logIn(credentials());
    const { id, createdAt } = first.body["session"] as Record<string, string>;
    expect(second.body["displaced"]).toEqual([
      { id, createdAt, device: { label: "tests", class: "desktop" } },
    ]);
    expect(await functions.send("GET /session", cookie(tokenOf(first)))).toMatchObject({
      status: 401,
      body: { code: "session_displaced", by: { device: "tests" } },
    });
  });

  test("of a client that has a session ends that one as logged out, and displaces nothing", async () => {
    const first = await logIn(credentials({ deliver: "token" }));
    const token = String(first.body["token"]);
    const second = await functions.send("POST /login", { ...json(credentials()), ...cookie(token) });
    expect(second.body["displaced"]).toEqual([]);
    const gone = await functions.send("GET /session", bearer(token));
    expect(gone.body["code"]).toBe("session_logged_out");
  });

  test("is counted and logged by ids alone", async () => {
    const answer = await logIn(credentials({ deliver: "token" }));
    await logIn(credentials(), { authorization: `Bearer ${String(answer.body["token"])}`, cookie: "a=b" });
    const { id } = answer.body["session"] as Record<string, string>;
    expect(functions.recorded.lines("call")[0]).toMatchObject({
      route: "POST /login",
      status: 201,
      userId: "alice",
      sessionId: id,
      outcome: "logged-in",
      requestId: "request-2",
    });
    expect(functions.recorded.counts()).toMatchObject({ Logins: 2 });
    for (const secret of [PASSWORD, String(answer.body["token"]), "__Host-session", "cookie", "Bearer"]) {
      expect(functions.recorded.text()).not.toContain(secret);
    }
  });
});

describe("a login with wrong credentials", () => {
  test.each([
    ["a wrong password", { username: "alice", password: "wrong-wrong-wrong" }],
    ["an unknown user", { username: "mallory", password: PASSWORD }],
    ["a name that cannot be in the directory", { username: "corp:alice", password: PASSWORD }],
  ])("(%s) is 401 with one and the same answer, and ends nothing", async (_, body) => {
    const token = await functions.logIn("alice");
    functions.recorded.clear();
    const answer = await logIn(body);
    expect(answer).toMatchObject({ status: 401, cookies: [], headers: { "WWW-Authenticate": "Bearer" } });
    expect(answer.body).toEqual({
      type: problemType("invalid_credentials"),
      status: 401,
      title: "Unauthorized",
      code: "invalid_credentials",
      detail: "The user name or the password is wrong.",
    });
    expect((await functions.send("GET /session", bearer(token))).status).toBe(200);
    expect(functions.recorded.counts()).toMatchObject({ FailedLogins: 1 });
    expect(functions.recorded.text()).not.toContain(body.password);
    // Somebody's password may be in the wrong field.
    expect(functions.recorded.lines("call")[0]).not.toHaveProperty("userId");
  });

  test("of a user disabled between the password check and the commit is 401 and gets no session", async () => {
    const racing = await startFunctions({
      wrapStore: (store) => ({
        ...store,
        login: async (request) => {
          await racing.directory.setDisabled("alice", true);
          return store.login(request);
        },
      }),
    });
    await addUsers(racing.directory, { alice: {} });
    const answer = await racing.send("POST /login", json(credentials()));
    expect(answer).toMatchObject({ status: 401, cookies: [], body: { code: "invalid_credentials" } });
    expect((await racing.store.listUser("alice", { limit: 10 })).items).toEqual([]);
  });
});

describe("a login that is not as accepted", () => {
  test.each([
    [
      "no user name",
      { password: PASSWORD },
      "#/username",
      "username is missing; accepted is a string of 1 to 512 UTF-8 bytes.",
    ],
    [
      "an empty user name",
      credentials({ username: "" }),
      "#/username",
      'username is ""; accepted is a string of 1 to 512 UTF-8 bytes.',
    ],
    [
      "a number for a user name",
      credentials({ username: 7 }),
      "#/username",
      "username is 7; accepted is a string of 1 to 512 UTF-8 bytes.",
    ],
    [
      "a password that is an object",
      credentials({ password: { a: 1 } }),
      "#/password",
      "password is an object; accepted is a string of 1 to 1024 characters.",
    ],
    [
      "a password of 2,000 characters",
      credentials({ password: "x".repeat(2000) }),
      "#/password",
      "password is a string of 2000 characters; accepted is a string of 1 to 1024 characters.",
    ],
    [
      "another delivery",
      credentials({ deliver: "mail" }),
      "#/deliver",
      'deliver is "mail"; accepted is "cookie" or "token".',
    ],
    [
      "a field that is not known",
      credentials({ takeOver: true }),
      "#/takeOver",
      "takeOver is not known here; accepted is an object with username, password, takeover, end, deliver, device.",
    ],
  ])("(%s) is 400 naming the field", async (_, body, pointer, detail) => {
    expect(await logIn(body)).toMatchObject({
      status: 400,
      headers: { "Content-Type": "application/problem+json" },
      body: { code: "invalid_request", errors: [{ pointer, detail }] },
    });
  });

  test("(from a foreign page) is 403 even without a cookie", async () => {
    const foreign = { "sec-fetch-site": "cross-site", origin: "https://evil.example" };
    expect(await logIn(credentials(), foreign)).toMatchObject({
      status: 403,
      body: { code: "cross_origin" },
    });
    const allowed = { ...foreign, origin: "https://app.example.com" };
    expect((await logIn(credentials(), allowed)).status).toBe(201);
  });
});
