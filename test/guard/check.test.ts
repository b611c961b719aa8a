import { beforeAll, describe, expect, test } from "vitest";
import { makeGuard, type Guard } from "../../guard/guard.ts";
import { StoreUnavailableError } from "../../src/dynamodb/errors.ts";
import { SessionToken } from "../../src/sessions/token.ts";
import { addUsers, MINUTE, startFunctions, type Functions } from "../functions/harness.ts";
import { bearer, cookie } from "./support.ts";

let functions: Functions;
let guard: Guard;
beforeAll(async () => {
  functions = await startFunctions();
  await addUsers(functions.directory, { alice: {}, bob: { permissions: ["reports.read"] } });
  const { store, clock, parts } = functions;
  const { settings } = parts;
  guard = makeGuard({ store, settings, clock: () => clock.now, onFault: () => undefined });
});

test("a live session is live, with the user and the session as GET /session shows them", async () => {
  const token = await functions.logIn("bob");
  const { body } = await functions.send("GET /session", { headers: bearer(token) });
  expect(body["user"]).toMatchObject({ id: "bob", permissions: ["reports.read"] });
  expect(await guard.check(bearer(token))).toEqual({ outcome: "live", ...body });
  expect(await guard.check(cookie(token), { method: "GET" })).toEqual({ outcome: "live", ...body });
});

describe("a refusal is that of GET /session, body and headers:", () => {
  const endings: readonly (readonly [string, () => Promise<Record<string, string>>])[] = [
    ["no_session", () => Promise.resolve({})],
    ["no_session", () => Promise.resolve({ cookie: "theme=dark" })],
    ["no_session", () => Promise.resolve({ authorization: "Basic YTpi" })],
    ["session_unknown", () => Promise.resolve(bearer("x"))],
    ["session_unknown", () => Promise.resolve(bearer(""))],
    ["session_unknown", () => Promise.resolve(bearer(SessionToken.generate().reveal()))],
    [
      "session_expired",
      async () => {
        const token = await functions.logIn("alice");
        functions.clock.now += 31 * MINUTE;
        return bearer(token);
      },
    ],
    [
      "session_displaced",
      async () => {
        const token = await functions.logIn("alice");
        await functions.logIn("alice");
        return cookie(token);
      },
    ],
    [
      "session_logged_out",
      async () => {
        const token = await functions.logIn("alice");
        await functions.send("POST /logout", { headers: bearer(token) });
        return bearer(token);
      },
    ],
    [
      "session_revoked",
      async () => {
        const token = await functions.logIn("alice");
        await functions.store.revoke({ userIds: ["alice"], revokedBy: "admin" });
        return bearer(token);
      },
    ],
  ];

  test.each(endings)("%s", async (code, headersOf) => {
    const headers = await headersOf();
    const answer = await functions.send("GET /session", { headers });
    const outcome = await guard.check(headers, { method: "GET" });
    if (outcome.outcome !== "refused") throw new Error("the guard said yes");
    const { problem } = outcome;
    expect(problem.code).toBe(code);
    expect([problem.status, problem.body]).toEqual([answer.status, answer.body]);
    expect(problem.headers).toEqual({ ...answer.headers, Vary: "Origin" });
  });

  test("a store that cannot be asked is 503 with Retry-After, and the cause is told", async () => {
    const { settings } = functions.parts;
    const fault = new StoreUnavailableError("gone", { effect: "none", retryAfterSeconds: 7 });
    const faults: unknown[] = [];
    const broken = makeGuard({
      store: { validate: () => Promise.reject(fault) },
      settings,
      clock: Date.now,
      onFault: (told) => faults.push(told),
    });
    const outcome = await broken.check({
      headers: bearer(SessionToken.generate().reveal()),
      requestContext: { requestId: "request-9" },
    });
    expect(outcome).toMatchObject({
      outcome: "refused",
      problem: {
        status: 503,
        code: "unavailable",
        headers: { "Retry-After": "7", "Content-Type": "application/problem+json" },
        body: { code: "unavailable", requestId: "request-9" },
      },
    });
    expect(faults).toEqual([fault]);
  });

  test("any other fault is thrown on, and never a yes", async () => {
    const { settings } = functions.parts;
    const store = { validate: () => Promise.reject(new Error("a mistake")) };
    const broken = makeGuard({ store, settings, clock: Date.now, onFault: () => undefined });
    await expect(broken.check(bearer("A".repeat(43)))).rejects.toThrow("a mistake");
  });
});

test("with watch the activity is not recorded, and without it is", async () => {
  const token = await functions.logIn("alice");
  const lastSeenAt = async (watch: boolean) => {
    const outcome = await guard.check(bearer(token), { watch });
    return outcome.outcome === "live" ? Date.parse(outcome.session.lastSeenAt) : undefined;
  };
  const loggedInAt = await lastSeenAt(true);
  functions.clock.now += 5 * MINUTE;
  expect(await lastSeenAt(true)).toBe(loggedInAt);
  expect(await lastSeenAt(false)).toBe(functions.clock.now);
});

describe("what came with the cookie", () => {
  const FOREIGN = { "sec-fetch-site": "cross-site", origin: "https://evil.example", host: "api.example.com" };

  test.each(["POST", "PUT", "PATCH", "DELETE", "CONNECT", "PROPFIND", "get", undefined])(
    "must come from an allowed origin with the method %s",
    async (method) => {
      const headers = { ...cookie(await functions.logIn("alice")), ...FOREIGN };
      expect(await guard.check({ headers, ...(method !== undefined && { method }) })).toMatchObject({
        problem: { status: 403, code: "cross_origin" },
      });
      const refused = await functions.send("POST /logout", { headers });
      expect(refused.body).toMatchObject({ code: "cross_origin" });
      for (const origin of ["https://app.example.com", "https://api.example.com"]) {
        const site = origin.includes("api") ? "same-origin" : "cross-site";
        const fine = { ...headers, origin, "sec-fetch-site": site };
        expect(await guard.check(fine, method === undefined ? {} : { method })).toMatchObject({
          outcome: "live",
        });
      }
    },
  );

  test.each(["GET", "HEAD", "OPTIONS"])("may come from anywhere with the method %s", async (method) => {
    const headers = { ...cookie(await functions.logIn("alice")), ...FOREIGN };
    expect(await guard.check({ method, headers })).toMatchObject({ outcome: "live" });
  });

  test("must come from an allowed origin to open a WebSocket, which is a GET", async () => {
    const headers = { ...cookie(await functions.logIn("alice")), ...FOREIGN, upgrade: "WebSocket" };
    expect(await guard.check({ method: "GET", headers })).toMatchObject({
      problem: { code: "cross_origin" },
    });
  });

  test("and a bearer token beside it may come from anywhere: no page has it", async () => {
    const token = await functions.logIn("alice");
    const headers = { ...cookie(token), ...bearer(token), ...FOREIGN };
    expect(await guard.check({ method: "POST", headers })).toMatchObject({ outcome: "live" });
  });

  test("without a browser's headers is no browser's", async () => {
    const headers = cookie(await functions.logIn("alice"));
    expect(await guard.check({ method: "POST", headers })).toMatchObject({ outcome: "live" });
  });
});

describe("a page of an allowed origin", () => {
  test("can read a refusal, and one of another origin cannot", async () => {
    const headersFor = async (origin: string) => {
      const outcome = await guard.check({ method: "GET", headers: { origin } });
      return outcome.outcome === "refused" ? outcome.problem.headers : {};
    };
    expect(await headersFor("https://app.example.com")).toMatchObject({
      "Access-Control-Allow-Origin": "https://app.example.com",
      "Access-Control-Allow-Credentials": "true",
      Vary: "Origin",
    });
    expect(Object.keys(await headersFor("https://evil.example")).join()).not.toMatch(/access-control/i);
  });

  test("has its preflight answered, and one of another origin hears nothing", () => {
    const preflight = (origin: string) =>
      guard.preflight({
        method: "OPTIONS",
        headers: {
          origin,
          "access-control-request-method": "PUT",
          "access-control-request-headers": "x-mine",
        },
      });
    expect(preflight("https://app.example.com")).toEqual({
      status: 204,
      headers: {
        Vary: "Origin",
        "Access-Control-Allow-Origin": "https://app.example.com",
        "Access-Control-Allow-Credentials": "true",
        "Access-Control-Expose-Headers": "retry-after, www-authenticate",
        "Access-Control-Allow-Methods": "PUT",
        "Access-Control-Allow-Headers": "x-mine",
        "Access-Control-Max-Age": "3600",
      },
    });
    expect(preflight("https://evil.example")).toEqual({ status: 204, headers: { Vary: "Origin" } });
  });

  test.each([
    [
      "a GET",
      { method: "GET", headers: { origin: "https://a.example", "access-control-request-method": "PUT" } },
    ],
    ["OPTIONS without what a preflight has", { method: "OPTIONS", headers: { origin: "https://a.example" } }],
    ["headers alone", { origin: "https://a.example", "access-control-request-method": "PUT" }],
  ])("%s is no preflight", (_, request) => {
    expect(guard.preflight(request)).toBeUndefined();
  });
});
