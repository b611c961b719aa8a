import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { readChannel } from "../../local/push/channel.ts";
import { startPushServer, type RunningPushServer } from "../../local/push/start-push-server.ts";
import { chromePath } from "../support/console-page.ts";
import { builtClient } from "./built-client.ts";

/** The built client in a real browser, against the push endpoint that `npm start` has. */
const CHANNEL = "abcdefghijklmnopqrstuvwxyz234567";
const PATH = `/sessions/${CHANNEL}`;
const PATIENCE = { timeout: 60_000, interval: 20 };

let browser: Browser;
let context: BrowserContext;
let push: RunningPushServer;
let server: Server;
let url: string;
/** What the API answers, and how often it was asked. */
let isEnded: boolean;
let asked: number;
let isRefused: boolean;
let refused: number;
/** What the page's own policy allows. */
let connectSrc: string;

beforeAll(async () => {
  push = await startPushServer({
    namespaces: [{ name: "sessions" }],
    authorize: ({ token, channel }) => {
      const isRight = token === CHANNEL && (channel === undefined || channel.path === PATH) && !isRefused;
      if (!isRight) refused++;
      return Promise.resolve(
        isRight ? { outcome: "authorized", handlerContext: undefined } : { outcome: "refused" },
      );
    },
  });
  const modules = builtClient();
  server = createServer((request, response) => {
    const [path = ""] = (request.url ?? "").slice(1).split("?");
    const code = modules.get(path);
    response.setHeader("content-security-policy", `default-src 'self'; connect-src 'self' ${connectSrc}`);
    if (code !== undefined) return response.setHeader("content-type", "text/javascript").end(code);
    if (path !== "session") return response.setHeader("content-type", "text/html").end("<title>page</title>");
    asked++;
    const live = { url: push.realtimeUrl, host: push.host, channel: CHANNEL };
    const [status, body] = isEnded ? [401, { code: "session_displaced" }] : [200, { session: {}, live }];
    response.writeHead(status, { "content-type": "application/json" });
    return response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await chromium.launch({
    executablePath: await chromePath(),
    args: ["--no-sandbox", "--disable-gpu"],
  });
});
afterAll(async () => {
  await browser.close();
  server.close();
  await push.stop();
});
beforeEach(async () => {
  isEnded = isRefused = false;
  asked = refused = 0;
  connectSrc = `ws://${push.host}`;
  context = await browser.newContext();
});
afterEach(async () => {
  await context.close();
  // Else the next test takes a connection that is just ending for its own.
  await expect.poll(() => push.connections.size, PATIENCE).toBe(0);
});

/** A page that watches; its title becomes the code with which the session ended. */
async function watching(): Promise<Page> {
  const page = await context.newPage();
  await page.clock.install();
  await page.goto(url);
  await page.evaluate(`import("/index.js").then(({ watchSession }) =>
    watchSession({ onEnded: ({ code }) => { document.title = code; }, random: () => 0 }))`);
  await page.clock.fastForward(3000);
  return page;
}
const subscriptions = (): number =>
  [...push.connections].reduce((sum, connection) => sum + connection.subscriptions.size, 0);
const subscribed = (count: number): Promise<void> =>
  expect.poll(() => [push.connections.size, subscriptions()], PATIENCE).toEqual([count, count]);
const titled = (page: Page): Promise<void> =>
  expect.poll(() => page.title(), PATIENCE).toBe("session_displaced");

function end(): void {
  isEnded = true;
  push.broadcast(readChannel(PATH)!, ["{}"]);
}
/** Headless, every page is always visible. */
async function show(page: Page, state: "visible" | "hidden"): Promise<void> {
  await page.evaluate(`Object.defineProperty(document, "visibilityState", { configurable: true, value: "${state}" });
    document.dispatchEvent(new Event("visibilitychange"))`);
}
/** Until another tab waits for the lock. */
const queued = (page: Page): Promise<void> =>
  expect
    .poll(() => page.evaluate("navigator.locks.query().then(({ pending }) => pending.length)"), PATIENCE)
    .toBe(1);

test("two tabs of a browser have one connection, and a hint shows the notice in both", async () => {
  const pages = [await watching(), await watching()];
  await subscribed(1);
  await queued(pages[1]!);
  end();
  await Promise.all(pages.map(titled));
  await expect.poll(() => push.connections.size, PATIENCE).toBe(0);
});

describe("the tab that leads", () => {
  test.each<[string, (page: Page) => Promise<unknown>]>([
    ["is closed", (page) => page.close()],
    ["goes to another page", (page) => page.goto(`${url}/elsewhere`)],
    ["is frozen", (page) => page.evaluate("document.dispatchEvent(new Event('freeze'))")],
  ])("%s: the other one takes over", async (_, act) => {
    const leader = await watching();
    await subscribed(1);
    const [first] = push.connections;
    const other = await watching();
    await queued(other);
    await act(leader);
    await expect.poll(() => push.connections.has(first!), PATIENCE).toBe(false);
    await subscribed(1);
    end();
    await titled(other);
  });

  test("was hidden for 15 s: the connection is closed; seen again, it asks and connects", async () => {
    const page = await watching();
    await subscribed(1);
    // The page knows of it too: it asks once more for it. Before, 8 s would be too long a wait for an answer.
    await expect.poll(() => asked, PATIENCE).toBe(2);
    await show(page, "hidden");
    // The clock runs on beside these steps, on a busy machine for some seconds.
    await page.clock.fastForward(8000);
    expect(push.connections.size).toBe(1);
    await page.clock.fastForward(7000);
    await subscribed(0);
    const before = asked;
    await show(page, "visible");
    await subscribed(1);
    await expect.poll(() => asked, PATIENCE).toBeGreaterThan(before);
  });
});

test("the network goes and comes back: the page asks at once, and connects", async () => {
  const page = await watching();
  await subscribed(1);
  await context.setOffline(true);
  for (const { terminate } of push.connections) terminate();
  await subscribed(0);
  isEnded = true;
  await context.setOffline(false);
  await titled(page);
});

test("the channel is refused: the page asks each minute, and makes no other connection", async () => {
  isRefused = true;
  const page = await watching();
  await expect.poll(() => [asked, refused], PATIENCE).toEqual([1, 1]);
  isRefused = false;
  isEnded = true;
  await page.clock.fastForward(30_000);
  expect(await page.title()).toBe("page");
  await page.clock.fastForward(30_000);
  await titled(page);
});

test("the page's policy forbids the connection: one warning names it, and the page asks each minute", async () => {
  connectSrc = "";
  const warnings: string[] = [];
  context.on("console", (message) => message.type() === "warning" && warnings.push(message.text()));
  const page = await watching();
  await expect.poll(() => warnings, PATIENCE).toEqual([expect.stringContaining("Content-Security-Policy")]);
  expect(warnings[0]).toContain(`connect-src ws://${push.host}`);
  isEnded = true;
  await page.clock.fastForward(60_000);
  await titled(page);
  expect([warnings.length, push.connections.size]).toEqual([1, 0]);
});
