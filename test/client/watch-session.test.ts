import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeAll, afterAll, beforeEach, expect, test } from "vitest";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { watchSession, type SessionEnded, type WatchedPage } from "../../client/watch-session.ts";
import { addDemoUsers, FIREFOX_ON_MACOS, HttpClient } from "../support/http-client.ts";
import { startTestStack, type TestStack } from "../support/local-stack.ts";

const INTERVAL_MS = 40;
/** Long enough for several questions. */
const A_WHILE_MS = 400;

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
  await addDemoUsers(stack);
});
afterAll(() => stack.stop());

/** Whether people see it, as a `document` says it. */
class TestPage extends EventTarget implements WatchedPage {
  visibilityState = "visible";

  turn(visibilityState: "visible" | "hidden"): void {
    this.visibilityState = visibilityState;
    this.dispatchEvent(new Event("visibilitychange"));
  }
}

let page: TestPage;
let asked: number;
let ended: SessionEnded[];
let watching: AbortController;
beforeEach(() => {
  page = new TestPage();
  asked = 0;
  ended = [];
  watching = new AbortController();
});
afterEach(() => watching.abort());

/** Watches as a browser with a cookie of the session would. */
function watch(client: HttpClient, url = `${stack.url}/session?watch=1`): void {
  watchSession({
    url,
    intervalMs: INTERVAL_MS,
    page,
    signal: watching.signal,
    random: () => 0,
    onEnded: (how) => ended.push(how),
    fetch: (to, init) => {
      asked++;
      return fetch(to, { ...init, headers: { cookie: `__Host-session=${client.cookie() ?? ""}` } });
    },
  });
}

async function until(condition: () => boolean, limitMs = 5000): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!condition() && performance.now() < deadline) await sleep(10);
  expect(condition()).toBe(true);
}

async function signedIn(userAgent?: string): Promise<HttpClient> {
  const client = new HttpClient(stack.url, userAgent);
  expect((await client.login("alice")).status).toBe(201);
  return client;
}

test("a displaced session is handed over once, with why, when and by which device, and is asked for no more", async () => {
  watch(await signedIn());
  await until(() => asked >= 2);
  expect(ended).toEqual([]);
  await signedIn(FIREFOX_ON_MACOS);
  await until(() => ended.length > 0);
  expect(ended).toEqual([
    {
      code: "session_displaced",
      endedAt: expect.stringMatching(/^\d{4}-.*Z$/) as string,
      by: { device: "Firefox on macOS" },
    },
  ]);
  const before = asked;
  await sleep(A_WHILE_MS);
  expect([asked, ended.length]).toEqual([before, 1]);
});

test("an administrator's logout says that it was one", async () => {
  watch(await signedIn());
  await stack.invoke("admin-logout", { userIds: ["alice"] });
  await until(() => ended.length > 0);
  expect(ended).toMatchObject([{ code: "session_revoked", by: { administrator: true } }]);
});

test("a page without a session is told so", async () => {
  watch(new HttpClient(stack.url));
  await until(() => ended.length > 0);
  expect(ended).toEqual([{ code: "no_session" }]);
});

test("while the page is hidden nothing is asked; when it shows again, at once", async () => {
  page.visibilityState = "hidden";
  watch(await signedIn());
  await sleep(A_WHILE_MS);
  expect(asked).toBe(0);
  page.turn("visible");
  expect(asked).toBe(1);
  page.turn("hidden");
  await sleep(A_WHILE_MS);
  expect(asked).toBe(1);
});

test("after an abort nothing is asked or handed over, not even an answer that has just come", async () => {
  watchSession({
    intervalMs: INTERVAL_MS,
    page,
    signal: watching.signal,
    onEnded: (how) => ended.push(how),
    fetch: async () => {
      asked++;
      const answer = await fetch(`${stack.url}/session?watch=1`);
      expect(answer.status).toBe(401);
      watching.abort();
      return answer;
    },
  });
  await until(() => watching.signal.aborted);
  await sleep(A_WHILE_MS);
  page.turn("visible");
  expect([asked, ended]).toEqual([1, []]);
});

interface Disturbed {
  readonly url: string;
  readonly server: Server;
}

/** A server in whose place an API will be again. */
async function disturbed(
  answer: (count: number) => { status: number; body?: string } | "hang up",
): Promise<Disturbed> {
  let count = 0;
  const server = createServer((request, response) => {
    const given = answer(++count);
    if (given === "hang up") request.destroy();
    else response.writeHead(given.status, { "content-type": "application/json" }).end(given.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/session` };
}

const REVOKED = { status: 401, body: JSON.stringify({ code: "session_revoked" }) };

test.each([
  ["a connection that breaks", (): "hang up" => "hang up"],
  ["503", () => ({ status: 503, body: "{}" })],
  ["429", () => ({ status: 429, body: "{}" })],
  ["a 401 of somebody else's", () => ({ status: 401, body: '{"message":"Unauthorized"}' })],
  ["a 401 that is no JSON", () => ({ status: 401, body: "<html>" })],
])("%s is no ending: it is asked again until the API answers", async (_, fault) => {
  const { server, url } = await disturbed((count) => (count < 3 ? fault() : REVOKED));
  watch(new HttpClient(stack.url), url);
  await until(() => ended.length > 0);
  expect([asked, ended]).toEqual([3, [{ code: "session_revoked" }]]);
  server.close();
});

test("failures are asked about ever more slowly", async () => {
  const times: number[] = [];
  const { server, url } = await disturbed(() => {
    times.push(performance.now());
    return { status: 503, body: "{}" };
  });
  watch(new HttpClient(stack.url), url);
  await until(() => times.length === 5);
  const waits = times.slice(1).map((time, index) => time - (times[index] ?? 0));
  // With `random` at 0 the n-th wait is interval * 2^n / 2, and no timer is early.
  waits.forEach((wait, index) => expect(wait).toBeGreaterThan(INTERVAL_MS * 2 ** index - 5));
  server.close();
});
