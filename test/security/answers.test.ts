import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { ROUTES } from "../../infra/routes.ts";
import { SECURITY_HEADERS } from "../../src/http/reply.ts";
import { StoreUnavailableError } from "../../src/dynamodb/errors.ts";
import type { SessionStore } from "../../src/sessions/store.ts";
import { SessionToken } from "../../src/sessions/token.ts";
import {
  addUsers,
  cookie,
  json,
  PASSWORD,
  startFunctions,
  type Answer,
  type Functions,
} from "../functions/harness.ts";

const ALL = ROUTES.map(({ method, path }) => `${method} ${path.replace("{id}", "A".repeat(43))}`);
const TOKEN = SessionToken.generate().reveal();
const INSIDE = "a detail from the inside: table sessions-1";

/** A store whose every method fails so. */
const failing = (fault: Error): SessionStore =>
  new Proxy({} as SessionStore, { get: () => () => Promise.reject(fault) });

let sound: Functions;
let unanswered: Functions;
let broken: Functions;
beforeAll(async () => {
  const start = async (fault?: Error): Promise<Functions> => {
    const functions = await startFunctions(fault === undefined ? {} : { wrapStore: () => failing(fault) });
    await addUsers(functions.directory, { alice: {} });
    return functions;
  };
  sound = await start();
  unanswered = await start(new StoreUnavailableError(INSIDE, { effect: "none" }));
  broken = await start(new Error(INSIDE, { cause: new Error(INSIDE) }));
});
afterAll(() => void vi.restoreAllMocks());

const ASKED = {
  ...json({ username: "alice", password: PASSWORD, userIds: ["alice"] }),
  headers: { "content-type": "application/json", "sec-fetch-site": "same-origin" },
};
/** The body each call takes; others are refused by name. */
const bodyOf = (route: string): object =>
  route === "POST /login" ? { username: "alice", password: PASSWORD } : { userIds: ["alice"] };
const send = (functions: Functions, route: string, more: object = {}): Promise<Answer> =>
  functions.send(route, { ...ASKED, body: JSON.stringify(bodyOf(route)), ...cookie(TOKEN), ...more });

function expectSafe({ headers, text, status }: Answer): void {
  expect(headers).toMatchObject(SECURITY_HEADERS);
  expect(headers["Content-Type"]).toBe(
    text === "" ? undefined : status < 400 ? "application/json" : "application/problem+json",
  );
  expect(text).not.toContain(INSIDE);
  expect(text).not.toContain(TOKEN);
  expect(text).not.toMatch(/\bat .*:\d+:\d+/);
}

describe.each(ALL)("the answers of %s", (route) => {
  test("may not be cached, framed, sniffed or run, whether they grant or refuse", async () => {
    const answers = [
      await send(sound, route),
      await send(sound, route, { cookies: [] }),
      await send(sound, route, { cookies: ["__Host-session=x"] }),
      await send(sound, route, { headers: { "sec-fetch-site": "cross-site" } }),
      await send(sound, route, { body: "{", query: "limit=many&watch=2" }),
      await send(sound, route, { headers: { "content-type": "text/plain", "sec-fetch-site": "none" } }),
    ];
    for (const answer of answers) expectSafe(answer);
  });

  test("without a database are 503 with Retry-After, keep the cookie and tell nothing of the inside", async () => {
    const answer = await send(unanswered, route);
    expectSafe(answer);
    expect(answer).toMatchObject({ status: 503, cookies: [], body: { code: "unavailable" } });
    expect(answer.headers["Retry-After"]).toMatch(/^[1-9]\d*$/);
  });

  test("after a fault are 500, keep the cookie and tell nothing but the id that the log has", async () => {
    const answer = await send(broken, route);
    expectSafe(answer);
    expect(answer).toMatchObject({ status: 500, cookies: [], body: { code: "internal" } });
    expect(Object.keys(answer.body).sort()).toEqual([
      "code",
      "detail",
      "requestId",
      "status",
      "title",
      "type",
    ]);
  });
});

describe("what a client sends", () => {
  const ODD = 'x\r\nSet-Cookie: __Host-session=evil\r\n\r\n<script>alert("1")</script>';

  test.each<[string, object]>([
    ["the origin", { headers: { "content-type": "application/json", origin: ODD } }],
    ["the content type", { headers: { "content-type": ODD } }],
    ["the user agent", { headers: { "content-type": "application/json", "user-agent": ODD } }],
    ["a cookie", { cookies: [`__Host-session=${ODD}`, `__Host-device=${ODD}`] }],
    ["the query", { query: new URLSearchParams({ watch: ODD, cursor: ODD, [ODD]: ODD }).toString() }],
    ["the body", { body: JSON.stringify({ username: ODD, password: ODD, [ODD]: 1 }) }],
  ])("as %s gets into no header of an answer, and into a body as JSON only", async (_, sent) => {
    for (const route of ALL) {
      const answer = await send(sound, route, sent);
      for (const value of [...Object.values(answer.headers), ...answer.cookies]) {
        expect(value).not.toMatch(/[\r\n]|evil|script/);
      }
      expectSafe(answer);
    }
  });
});

describe("what is secret in a request", () => {
  test.each([
    ["a password of the wrong type", { username: "alice", password: [PASSWORD] }],
    ["a password too many", { username: "alice", password: `${PASSWORD}${"x".repeat(2000)}` }],
    ["a password in a body that is no object", PASSWORD],
  ])("(%s) is not in the refusal", async (_, body) => {
    const answer = await send(sound, "POST /login", { body: JSON.stringify(body) });
    expect(answer.status).toBe(400);
    expect(answer.text).not.toContain(PASSWORD);
  });
});
