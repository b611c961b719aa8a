import { describe, expect, test } from "vitest";
import { openApiDocument } from "../../openapi/document.ts";
import { problemType } from "../../src/api/parts/problem-type.ts";
import { SECURITY_HEADERS } from "../../src/http/reply.ts";
import { DocumentedAnswers, type Exchange } from "./documented-answers.ts";

const DOCUMENT = openApiDocument();

const unknown = {
  type: problemType("session_unknown"),
  status: 401,
  title: "Unauthorized",
  code: "session_unknown",
  detail: "No session has this token.",
};
const HEADERS = {
  ...SECURITY_HEADERS,
  "Content-Type": "application/problem+json",
  "WWW-Authenticate": "Bearer",
};
const RIGHT: Exchange = {
  method: "GET",
  path: "/session",
  status: 401,
  headers: HEADERS,
  cookies: [],
  text: JSON.stringify(unknown),
};
const withBody = (change: object): Partial<Exchange> => ({ text: JSON.stringify({ ...unknown, ...change }) });

const compare = (change: Partial<Exchange>): string[] =>
  new DocumentedAnswers(DOCUMENT).compare({ ...RIGHT, ...change });

test("an answer that is as documented is", () => {
  expect(compare({})).toEqual([]);
});

describe("an answer that is not as documented is found out:", () => {
  test.each<[string, Partial<Exchange>]>([
    ["another path", { path: "/sessions/x/y" }],
    ["another method", { method: "PUT" }],
    ["another status", { status: 418 }],
    ["another code", withBody({ code: "not_found" })],
    ["a code of another status", withBody({ code: "internal" })],
    ["a member too many", withBody({ userId: "alice" })],
    ["a member too few", withBody({ detail: undefined })],
    ["a member of another type", withBody({ detail: 1 })],
    ["another type", withBody({ type: "about:blank" })],
    ["the type of another code", withBody({ type: problemType("no_session") })],
    ["another title", withBody({ title: "Forbidden" })],
    ["no body", { text: "" }],
    ["another content type", { headers: { ...HEADERS, "Content-Type": "application/json" } }],
    ["a header too many", { headers: { ...HEADERS, Server: "x" } }],
    ["a header too few", { headers: { ...SECURITY_HEADERS, "Content-Type": "application/problem+json" } }],
    ["another value of a header", { headers: { ...HEADERS, "Cache-Control": "private" } }],
    ["a cookie too many", { cookies: ["a=b"] }],
    [
      "a cookie with another attribute",
      {
        method: "POST",
        path: "/logout",
        status: 204,
        headers: SECURITY_HEADERS,
        text: "",
        cookies: [
          "__Host-session=; Max-Age=0; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Secure; SameSite=Lax",
        ],
      },
    ],
  ])("%s", (_, change) => {
    expect(compare(change)).not.toEqual([]);
  });
});

test("an answer that was never seen is named", () => {
  const answers = new DocumentedAnswers(DOCUMENT);
  expect(answers.missing()).toContain("GET /session 401 session_unknown");
  answers.compare(RIGHT);
  expect(answers.missing()).not.toContain("GET /session 401 session_unknown");
  expect(answers.missing()).toContain("GET /sessions 401 session_unknown");
  expect(answers.missing()).toContain("POST /login 201");
});
