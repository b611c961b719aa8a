import { describe, expect, test } from "vitest";
import { forgeryProblem, notLiveProblem, presentedToken, resolveCaller } from "../../src/http/caller.ts";
import { problemType } from "../../src/api/parts/problem-type.ts";
import type { Session } from "../../src/sessions/session.ts";
import type { Validation } from "../../src/sessions/store.ts";
import { SessionToken } from "../../src/sessions/token.ts";
import { requestOf, type Sent } from "./events.ts";

const TOKEN = "A".repeat(43);
const OTHER = "B".repeat(43);
const cookie = (value: string) => ({ cookies: [`__Host-session=${value}`] });
const bearer = (value: string) => ({ headers: { authorization: value } });

describe("the presented token", () => {
  test.each<[string, Sent, string]>([
    ["a cookie", cookie(TOKEN), TOKEN],
    ["a bearer token", bearer(`Bearer ${TOKEN}`), TOKEN],
    ["a bearer token of another case", bearer(`bearer   ${TOKEN} `), TOKEN],
    ["both: the header's", { ...cookie(OTHER), ...bearer(`Bearer ${TOKEN}`) }, TOKEN],
    ["another scheme and a cookie: the cookie's", { ...cookie(TOKEN), ...bearer("Basic eDp5") }, TOKEN],
  ])("of %s", (_, sent, token) => {
    const presented = presentedToken(requestOf(sent));
    expect(presented.outcome === "token" && presented.token.reveal()).toBe(token);
  });

  test.each<[string, Sent, string]>([
    ["nothing", {}, "none"],
    ["an empty cookie", cookie(""), "none"],
    ["another scheme", bearer("Basic eDp5"), "none"],
    ["a short cookie", cookie("abc"), "malformed"],
    ["an empty bearer", bearer("Bearer"), "malformed"],
    ["two bearers in one header", bearer(`Bearer ${TOKEN}, Bearer ${OTHER}`), "malformed"],
    ["a malformed bearer beside a good cookie", { ...cookie(TOKEN), ...bearer("Bearer x") }, "malformed"],
  ])("of %s is %s", (_, sent, outcome) => {
    expect(presentedToken(requestOf(sent)).outcome).toBe(outcome);
  });
});

describe("resolving the caller", () => {
  const neverAsked = { validate: () => Promise.reject(new Error("the database was asked")) };

  test("without a token is no_session, and the database is not asked", async () => {
    const resolved = await resolveCaller(requestOf(), neverAsked, { touch: true });
    expect(resolved).toMatchObject({
      problem: { status: 401, code: "no_session", headers: { "WWW-Authenticate": "Bearer" } },
    });
  });

  test("with a malformed one is session_unknown, and the database is not asked", async () => {
    const resolved = await resolveCaller(requestOf(cookie("x")), neverAsked, { touch: true });
    expect(resolved).toMatchObject({
      problem: { code: "session_unknown", headers: { "WWW-Authenticate": 'Bearer error="invalid_token"' } },
    });
  });

  test.each([true, false])("hands touch %s on", async (touch) => {
    const asked: unknown[] = [];
    const store = {
      validate: (token: SessionToken, options?: object): Promise<Validation> => {
        asked.push([token.reveal(), options]);
        return Promise.resolve({ outcome: "unknown" });
      },
    };
    await resolveCaller(requestOf(cookie(TOKEN)), store, { touch });
    expect(asked).toEqual([[TOKEN, { touch, from: expect.any(Function) as unknown }]]);
  });
});

type Dead = Exclude<Validation, { outcome: "live" }>;

describe("why a token is worth nothing", () => {
  const sessionId = SessionToken.parse(TOKEN)?.sessionId("1");
  const at = Date.UTC(2030, 0, 1);
  const endedAt = "2030-01-01T00:00:00.000Z";
  const ending = { sessionId, userId: "alice", endedAt: at, endedBy: "staff", expiresAt: at };
  const ended = (more: object) => ({ outcome: "ended", ending: { ...ending, ...more } }) as Dead;
  const expired = (session: Partial<Session>) => ({ outcome: "expired", session }) as Dead;

  test.each<[Dead, string, object]>([
    [{ outcome: "unknown" }, "session_unknown", {}],
    [expired({ idleExpiresAt: at, expiresAt: at + 1 }), "session_expired", { endedAt }],
    [expired({ idleExpiresAt: at + 1, expiresAt: at }), "session_expired", { endedAt }],
    [ended({ reason: "logged_out" }), "session_logged_out", { endedAt }],
    [ended({ reason: "revoked" }), "session_revoked", { endedAt, by: { administrator: true } }],
    [
      ended({ reason: "displaced", displacedByDevice: "Chrome on Windows" }),
      "session_displaced",
      { endedAt, by: { device: "Chrome on Windows" } },
    ],
    [ended({ reason: "displaced" }), "session_displaced", { endedAt }],
  ])("%j is %s", (validation, code, members) => {
    const { body } = notLiveProblem(validation);
    const { type, status, title, detail, ...rest } = body;
    expect({ type, status, title }).toEqual({
      type: problemType(code),
      status: 401,
      title: "Unauthorized",
    });
    expect(detail).not.toBe("");
    expect(rest).toEqual({ code, ...members });
  });
});

describe("the same-origin rule for a state-changing call", () => {
  const settings = { allowedOrigins: [] };
  const foreign = { "sec-fetch-site": "cross-site", origin: "https://evil.example" };

  test("binds what came with the cookie, malformed or not", () => {
    for (const value of [TOKEN, "x"]) {
      expect(forgeryProblem(requestOf({ ...cookie(value), headers: foreign }), settings)?.status).toBe(403);
    }
  });

  test("does not bind what came with a bearer token, or with nothing", () => {
    const withBearer = { ...foreign, authorization: `Bearer ${TOKEN}` };
    expect(forgeryProblem(requestOf({ ...cookie(TOKEN), headers: withBearer }), settings)).toBeUndefined();
    expect(forgeryProblem(requestOf({ headers: foreign }), settings)).toBeUndefined();
  });
});
