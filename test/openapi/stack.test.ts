import { afterAll, beforeAll, expect, test } from "vitest";
import { openApiDocument } from "../../openapi/document.ts";
import { DEMO_PASSWORD } from "../../cli/demo-users.ts";
import { addDemoUsers, CHROME_ON_WINDOWS, FIREFOX_ON_MACOS } from "../support/http-client.ts";
import { startTestStack, type TestStack } from "../support/local-stack.ts";
import { recordAnswer, recordRequest } from "../support/log-scan/captured.ts";
import { DocumentedAnswers } from "./documented-answers.ts";

/**
 * The functions by themselves give every documented answer in `answers.test.ts`; here some of them come
 * through the gateway.
 */

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
  await addDemoUsers(stack);
});
afterAll(() => stack.stop());

const answers = new DocumentedAnswers(openApiDocument());
/** What the gateway adds on its way. */
const OF_THE_GATEWAY = new Set(["connection", "content-length", "date", "keep-alive", "apigw-requestid"]);
const titleCase = (name: string): string =>
  name === "www-authenticate"
    ? "WWW-Authenticate"
    : name.replace(/(?:^|-)\w/g, (letter) => letter.toUpperCase());

interface Sent {
  readonly token?: string | undefined;
  readonly body?: unknown;
  readonly userAgent?: string;
}

/** A call through the gateway, whose answer must be as documented. */
async function call(route: string, { token, body, userAgent = CHROME_ON_WINDOWS }: Sent = {}) {
  const [method = "", target = ""] = route.split(" ");
  const authorization = token === undefined ? undefined : `Bearer ${token}`;
  const sentBody = body === undefined ? undefined : JSON.stringify(body);
  recordRequest({ authorization, body: sentBody });
  const response = await fetch(stack.url + target, {
    method,
    headers: {
      "user-agent": userAgent,
      ...(authorization !== undefined && { authorization }),
      ...(sentBody !== undefined && { "content-type": "application/json" }),
    },
    ...(sentBody !== undefined && { body: sentBody }),
  });
  const text = await response.text();
  const cookies = response.headers.getSetCookie();
  recordAnswer({ setCookies: cookies, body: text });
  const headers = Object.fromEntries(
    [...response.headers]
      .filter(([name]) => name !== "set-cookie" && !OF_THE_GATEWAY.has(name))
      .map(([name, value]) => [titleCase(name), value]),
  );
  const { pathname: path } = new URL(target, stack.url);
  expect(
    answers.compare({ method, path, sentBody, status: response.status, headers, cookies, text }),
  ).toEqual([]);
  return {
    status: response.status,
    body: (text === "" ? {} : JSON.parse(text)) as Record<string, unknown>,
  };
}

async function logIn(username: string, userAgent?: string): Promise<string> {
  const body = { username, password: DEMO_PASSWORD, deliver: "token" };
  const answer = await call("POST /login", { body, ...(userAgent !== undefined && { userAgent }) });
  return String(answer.body["token"]);
}

test("every call of passwords and of administrators answers through the gateway as documented", async () => {
  const laptop = await logIn("alice");
  const phone = await logIn("alice", FIREFOX_ON_MACOS);
  const admin = await logIn("admin");
  const own = (await call("GET /session", { token: phone })).body["session"] as { id: string };
  const outcomes = [
    await call("POST /login", { body: { username: "bob", password: DEMO_PASSWORD } }),
    await call("GET /session", { token: laptop }),
    await call("GET /sessions", { token: phone }),
    await call("DELETE /sessions", { token: phone }),
    await call(`DELETE /sessions/${own.id}`, { token: phone }),
    await call("GET /admin/sessions?limit=1", { token: admin }),
    await call("GET /admin/endings?userId=alice", { token: admin }),
    await call("POST /admin/logout", { token: admin, body: { userIds: ["bob", "admin"] } }),
    await call("POST /admin/logout", { token: admin, body: { userIds: [] } }),
    await call("POST /logout", { token: admin }),
  ];
  expect(outcomes.map(({ status }) => status)).toEqual([201, 401, 200, 200, 204, 200, 200, 200, 400, 204]);
});
