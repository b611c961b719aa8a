import { describe, expect, test } from "vitest";
import { clearedSessionCookie, sessionCookie, sessionCookieOf } from "../../src/http/cookie.ts";
import { PROBLEM_STATUS, type ProblemCode } from "../../src/api/parts/problem-codes.ts";
import { problem, unauthorized } from "../../src/http/problem.ts";
import { problemType } from "../../src/api/parts/problem-type.ts";
import { noContent, ok, toGatewayResponse, withCookie } from "../../src/http/reply.ts";
import { SessionToken } from "../../src/sessions/token.ts";
import { requestOf } from "./events.ts";

const CODES = Object.keys(PROBLEM_STATUS) as ProblemCode[];

describe.each(["1.0", "2.0"] as const)("payload format %s", (format) => {
  test.each([ok({ a: 1 }), noContent(), problem("internal", { detail: "x" })])(
    "every answer may not be cached, framed, sniffed or run",
    (reply) => {
      expect(toGatewayResponse(reply, format).headers).toMatchObject({
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "X-Frame-Options": "DENY",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
        "Strict-Transport-Security": "max-age=31536000",
      });
    },
  );

  test("a body goes out as JSON, none as an empty one without a type", () => {
    expect(toGatewayResponse(ok({ a: 1 }), format)).toMatchObject({ statusCode: 200, body: '{"a":1}' });
    const empty = toGatewayResponse(noContent(), format);
    expect(empty).toMatchObject({ statusCode: 204, body: "" });
    expect(empty.headers).not.toHaveProperty("Content-Type");
  });

  test("two cookies are two cookies", () => {
    const reply = toGatewayResponse(withCookie(withCookie(noContent(), "a=1"), "b=2"), format);
    const cookies = format === "2.0" ? reply.cookies : reply.multiValueHeaders?.["Set-Cookie"];
    expect(cookies).toEqual(["a=1", "b=2"]);
  });
});

test.each(CODES)("the problem %s is problem+json with its type, status, title, detail and code", (code) => {
  const response = toGatewayResponse(problem(code, { detail: "why", more: 1 }), "2.0");
  expect(response.headers["Content-Type"]).toBe("application/problem+json");
  expect(JSON.parse(response.body)).toEqual({
    type: problemType(code),
    status: response.statusCode,
    title: expect.stringMatching(/^[A-Z]/) as string,
    detail: "why",
    code,
    more: 1,
  });
});

test("a 401 challenges, and names an error only where a token was presented", () => {
  const none = unauthorized("no_session", { detail: "" }, { tokenPresented: false });
  const dead = unauthorized("session_expired", { detail: "" }, { tokenPresented: true });
  expect(none.headers).toEqual({ "WWW-Authenticate": "Bearer" });
  expect(dead.headers).toEqual({ "WWW-Authenticate": 'Bearer error="invalid_token"' });
});

describe("the session cookie", () => {
  const token = SessionToken.generate((size) => new Uint8Array(size).fill(7));

  test("is host-only, secure, out of scripts' reach, and lives until the absolute expiry", () => {
    const expiresAt = Date.UTC(2030, 0, 1, 12);
    const parts = sessionCookie(token, expiresAt, expiresAt - 90_500).split("; ");
    expect(parts[0]).toBe(`__Host-session=${token.reveal()}`);
    expect(parts.slice(1).sort()).toEqual(
      [
        "Expires=Tue, 01 Jan 2030 12:00:00 GMT",
        "HttpOnly",
        "Max-Age=90",
        "Path=/",
        "SameSite=Lax",
        "Secure",
      ].sort(),
    );
  });

  test("cleared has the same attributes and is long over", () => {
    const parts = clearedSessionCookie().split("; ");
    expect(parts[0]).toBe("__Host-session=");
    expect(parts.slice(1).sort()).toEqual(
      [
        "Expires=Thu, 01 Jan 1970 00:00:00 GMT",
        "HttpOnly",
        "Max-Age=0",
        "Path=/",
        "SameSite=Lax",
        "Secure",
      ].sort(),
    );
  });

  test.each([
    [["__Host-session=abc"], "abc"],
    [["other=1", "__Host-session=abc"], "abc"],
    [["session=abc"], undefined],
    [["__host-session=abc"], undefined],
    [["__Host-session="], ""],
    [["__Host-session=%zz"], "%zz"],
  ])("of %j is %j", (cookies, value) => {
    expect(sessionCookieOf(requestOf({ cookies }))).toBe(value);
  });
});
