import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import { afterEach, describe, expect, test } from "vitest";
import { signIn, thisDevice } from "../support/console-page.ts";
import { HttpClient } from "../support/http-client.ts";
import { console } from "./shared-console.ts";

const FIREFOX_ON_WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0";
const LONGEST_MS = 5000;
const PATIENCE = { timeout: 15_000 };

const LOCKS =
  "navigator.locks.query().then(({ held, pending }) => ({ held: held.length, pending: pending.length }))";

/** What a page's push connections receive from now on. */
function framesOf(page: Page): readonly string[] {
  const frames: string[] = [];
  page.on("websocket", (socket) => {
    socket.on("framereceived", ({ payload }) => frames.push(String(payload)));
  });
  return frames;
}
const notice = (page: Page) => page.getByRole("dialog", { name: "You are signed out on this device" });

describe("the signed-out notice", () => {
  afterEach(async () => {
    expect(console.violations()).toEqual([]);
    await console.closePages();
  });

  test("a sign-in elsewhere shows within 5 s on the first device, says why, and leaves what was typed", async () => {
    const first = await console.open();
    await signIn(first, "staff");
    await first.goto(`${console.url}/#/users`);
    const field = first.getByRole("combobox", { name: "Find users" });
    await field.fill("somebody half ty");
    const asked: string[] = [];
    first.on("request", (request) => asked.push(new URL(request.url()).pathname));

    const second = new HttpClient(console.stack.url, FIREFOX_ON_WINDOWS);
    expect((await second.login("staff")).status).toBe(201);
    const since = performance.now();
    await notice(first).waitFor();
    expect(performance.now() - since).toBeLessThan(LONGEST_MS);

    const text = await notice(first).textContent();
    expect(text).toMatch(/You signed in on Firefox on Windows at \d\d:\d\d, so this device was signed out\./);
    expect(text).toMatch(/It was the session of (Headless)?Chrome on Linux, signed in at \d\d:\d\d\./);
    expect(text).toContain("Was that not you?");
    await notice(first).getByRole("button", { name: "Stay on the page" }).click();
    // Two calls may have been under way at once.
    await sleep(1000);
    const before = asked.length;
    await sleep(LONGEST_MS - 1000);
    expect(asked.slice(before)).toEqual([]);
    expect(await field.inputValue()).toBe("somebody half ty");
    await first.getByRole("button", { name: "Sign in again" }).click();
    await first.getByLabel("User name").waitFor();
    expect([
      await first.getByLabel("User name").inputValue(),
      await first.getByLabel("Password").inputValue(),
      await first.getByLabel("Password").and(first.locator(":focus")).count(),
    ]).toEqual(["staff", "", 1]);
    await first.reload();
    await first.getByLabel("User name").waitFor();
    expect(await first.getByLabel("User name").inputValue()).toBe("");
  });

  test("two tabs share one push connection: neither asks before the end, and both show it untouched", async () => {
    const first = await console.open();
    const frames = framesOf(first);
    await signIn(first, "staff");
    await expect.poll(() => frames.join(), PATIENCE).toContain("subscribe_success");
    const other = await first.context().newPage();
    const framesOfOther = framesOf(other);
    const asked: string[] = [];
    await other.goto(console.url);
    await expect.poll(() => other.evaluate(LOCKS), PATIENCE).toEqual({ held: 1, pending: 1 });
    for (const page of [first, other]) {
      page.on("request", (request) => asked.push(new URL(request.url()).search));
    }
    // Longer than a page without push waits, and than the question after the subscription.
    await sleep(4000);
    expect(asked.filter((query) => query.includes("watch"))).toEqual([]);

    expect((await new HttpClient(console.stack.url, FIREFOX_ON_WINDOWS).login("staff")).status).toBe(201);
    await Promise.all([first, other].map((page) => notice(page).waitFor()));
    expect(asked.filter((query) => query.includes("watch"))).toEqual(["?watch=1"]);
    expect(frames.filter((frame) => frame.includes('"data"'))).toHaveLength(1);
    expect(framesOfOther).toEqual([]);
  });

  test("who logs out leaves no name behind for the next person", async () => {
    const page = await console.open();
    await signIn(page, "alice");
    await page.getByRole("button", { name: "Log out" }).click();
    await page.getByLabel("User name").waitFor();
    expect(await page.getByLabel("User name").inputValue()).toBe("");
  });

  test("a server that does not answer is said not to, and when it does again all is as before", async () => {
    const page = await console.open({ as: "alice" });
    await thisDevice(page).waitFor();
    await page.route(/\/sessions?(?:$|\?)/, (route) => route.abort());
    await page.getByText("The server does not answer").waitFor();
    await page.unroute(/\/sessions?(?:$|\?)/);
    await page.getByText("The server does not answer").waitFor({ state: "detached" });
    expect(await thisDevice(page).count()).toBe(1);
    expect(console.violations().join()).toContain("ERR_FAILED");
  });

  test("an administrator's logout shows within 5 s, and that it was an administrator", async () => {
    const page = await console.open({ as: "alice" });
    await thisDevice(page).waitFor();
    await console.stack.invoke("admin-logout", { userIds: ["alice"] });
    const since = performance.now();
    await notice(page).waitFor();
    expect(performance.now() - since).toBeLessThan(LONGEST_MS);
    expect(await notice(page).textContent()).toMatch(/An administrator ended this session at \d\d:\d\d\./);
  });

  test("who comes back after the session ended is told so at the sign-in", async () => {
    const page = await console.open({ as: "alice" });
    await thisDevice(page).waitFor();
    await page.goto("about:blank");
    await new HttpClient(console.stack.url, FIREFOX_ON_WINDOWS).login("alice");
    await page.goto(console.url);
    await page.getByText(/You signed in on Firefox on Windows at/).waitFor();
    expect(await page.getByLabel("User name").isVisible()).toBe(true);
  });

  test("one's own logout and a second sign-in of the same browser give no notice", async () => {
    const page = await console.open();
    await signIn(page, "alice");
    await page.getByRole("button", { name: "Log out" }).click();
    await signIn(page, "alice");
    await sleep(LONGEST_MS - 1000);
    expect(await notice(page).count()).toBe(0);
  });

  test("an answer that was under way while the person logged out does not sign in again", async () => {
    const page = await console.open({ isNew: true });
    await page.clock.install();
    await page.reload();
    await signIn(page, "alice");
    await page.clock.fastForward(40_000);
    let isAnswered = false;
    await page.route("**/session", async (route) => {
      const response = await route.fetch();
      await page.getByLabel("User name").waitFor();
      isAnswered = true;
      await route.fulfill({ response });
    });
    await page.getByRole("button", { name: "Log out" }).click();
    await expect.poll(() => isAnswered, PATIENCE).toBe(true);
    await sleep(500);
    expect(await page.getByLabel("User name").isVisible()).toBe(true);
  });
});
