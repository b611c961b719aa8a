import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEMO_PASSWORD } from "../../cli/demo-users.ts";
import { addDemoUsers } from "../support/http-client.ts";
import { startTestStack, type TestStack } from "../support/local-stack.ts";

/**
 * Apps whose pages lie within them, as their WebViews call: another site, and an origin with a scheme of its
 * own.
 */
const ALLOWED = [
  "capacitor://localhost",
  "tauri://localhost",
  "moz-extension://1234ab56-78c9-4df2-8efa-4567891ab1c2",
];

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack({
    context: { allowedOrigins: [...ALLOWED, "https://app.example.com"].join(), console: "false" },
  });
  await addDemoUsers(stack);
});
afterAll(() => stack.stop());

const from = (origin: string): Record<string, string> => ({ origin, "sec-fetch-site": "cross-site" });
const corsOf = ({ headers }: Response): Record<string, string> =>
  Object.fromEntries([...headers].filter(([name]) => name.startsWith("access-control-")));

function logIn(origin: string): Promise<Response> {
  return fetch(`${stack.url}/login`, {
    method: "POST",
    headers: { "content-type": "application/json", ...from(origin) },
    body: JSON.stringify({ username: "alice", password: DEMO_PASSWORD, deliver: "token" }),
  });
}

describe.each([...ALLOWED, "https://app.example.com"])("a page of the allowed origin %s", (origin) => {
  const readable = {
    "access-control-allow-origin": origin,
    "access-control-allow-credentials": "true",
    "access-control-expose-headers": "retry-after, www-authenticate",
  };

  test("is told by the preflight of every call that it may make it", async () => {
    for (const [method, path] of [
      ["POST", "/login"],
      ["GET", "/session"],
      ["DELETE", "/sessions/x"],
    ] as const) {
      const headers = { ...from(origin), "access-control-request-method": method };
      const answer = await fetch(stack.url + path, { method: "OPTIONS", headers });
      expect(answer.status).toBe(204);
      expect(corsOf(answer)).toEqual({
        ...readable,
        "access-control-allow-methods": "GET, POST, DELETE",
        "access-control-allow-headers": "authorization, content-type",
        "access-control-max-age": "3600",
      });
    }
  });

  test("signs in for a token, uses it, and reads the reason once it has ended", async () => {
    const login = await logIn(origin);
    expect([login.status, corsOf(login)]).toEqual([201, readable]);
    expect(login.headers.getSetCookie()).toEqual([]);
    const { token } = (await login.json()) as { token: string };
    const headers = { ...from(origin), authorization: `Bearer ${token}` };
    const live = await fetch(`${stack.url}/session`, { headers });
    expect([live.status, corsOf(live)]).toEqual([200, readable]);
    expect((await fetch(`${stack.url}/logout`, { method: "POST", headers })).status).toBe(204);
    const ended = await fetch(`${stack.url}/session`, { headers });
    expect([ended.status, corsOf(ended)]).toEqual([401, readable]);
    expect(await ended.json()).toMatchObject({ code: "session_logged_out" });
  });
});

test.each([
  "null",
  "file://",
  "capacitor://localhost.evil",
  "capacitor://localhost:80",
  "tauri://evil",
  "ionic://localhost",
])("a page of the origin %s, which is not allowed, neither signs in nor reads anything", async (origin) => {
  const login = await logIn(origin);
  expect([login.status, corsOf(login)]).toEqual([403, {}]);
  const headers = { ...from(origin), "access-control-request-method": "POST" };
  const preflight = await fetch(`${stack.url}/login`, { method: "OPTIONS", headers });
  expect([preflight.status, corsOf(preflight)]).toEqual([204, {}]);
});
