import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { addUser, changePassword, findUsers, thisDevice } from "../support/console-page.ts";
import { CHROME_ON_WINDOWS, FIREFOX_ON_MACOS, HttpClient } from "../support/http-client.ts";
import { console } from "./shared-console.ts";

const LOG_OUT = "Log out the user on all sessions";
const LOG_OUT_TWO = "Log out 2 users on all sessions";
const LOG_OUT_ADMINS = "Log out the (admin) user on all sessions";
const LOG_OUT_TWO_ADMINS = "Log out 2 (admin) users on all sessions";

async function openUsers(userName: string): Promise<Page> {
  const page = await console.open({ as: userName, path: "/users" });
  await rowOf(page, userName).waitFor();
  return page;
}

const rowOf = (page: Page, userId: string) =>
  page.getByRole("row").filter({ has: page.getByRole("link", { name: userId, exact: true }) });

async function choose(page: Page, ...userIds: string[]): Promise<void> {
  for (const userId of userIds) {
    await page
      .getByRole("checkbox", { name: `Select ${userId}`, exact: true, disabled: false })
      .check({ force: true });
  }
}

/** Chooses an action, and what the confirmation says. */
async function act(page: Page, action: string): Promise<string> {
  await page.getByRole("button", { name: "Actions" }).click();
  await page.getByRole("menuitem", { name: action }).click();
  const dialog = page.getByRole("dialog", { name: action });
  const text = (await dialog.textContent()) ?? "";
  await dialog.getByRole("button", { name: "Log out", exact: true }).click();
  return text;
}

async function namesIn(page: Page, heading: RegExp): Promise<string[]> {
  return page.getByRole("region", { name: heading }).getByRole("listitem").allTextContents();
}

/** The lines of the file that the result of a log-out is saved as. */
async function savedCsv(page: Page): Promise<string[]> {
  const saving = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download as CSV" }).click();
  const file = await saving;
  expect(file.suggestedFilename()).toMatch(/^logged-out-[\d-]+T[\d-]+\.csv$/);
  return (await readFile(await file.path(), "utf8")).split("\r\n");
}

const isLive = async (client: HttpClient): Promise<boolean> => (await client.session()).status === 200;

/** Ends the session of a device, and confirms it. */
async function endIn(page: Page, device: string): Promise<void> {
  await page.getByRole("button", { name: `End this session: ${device}` }).click();
  await page.getByRole("dialog").getByRole("button", { name: "End this session" }).click();
}

async function signedIn(userName: string, userAgent?: string): Promise<HttpClient> {
  const client = new HttpClient(console.stack.url, userAgent);
  expect((await client.login(userName)).status).toBe(201);
  return client;
}

describe("users and sessions", () => {
  beforeAll(() => addUser(console.stack, "boss", { isAdmin: true }));
  afterEach(async () => {
    expect(console.violations()).toEqual([]);
    await console.closePages();
    await console.stack.invoke("admin-logout", {
      userIds: ["alice", "corp:eve", "boss"],
      includeAdmins: true,
    });
  });

  test("staff logs users out; who became an administrator meanwhile is skipped and named; administrators cannot be chosen", async () => {
    const [alice, boss] = [await signedIn("alice"), await signedIn("boss")];
    await console.stack.invoke("login", { user: { id: "corp:eve" } });
    const page = await openUsers("staff");
    expect(await rowOf(page, "boss").textContent()).toContain("Administrator");
    expect(await page.getByRole("checkbox", { name: "Select boss" }).isDisabled()).toBe(true);
    await page.getByRole("button", { name: "Actions" }).waitFor();

    await choose(page, "alice", "corp:eve");
    await console.stack.invoke("login", { user: { id: "corp:eve", isAdmin: true } });
    const confirmation = await act(page, LOG_OUT_TWO);
    expect(confirmation).toContain("This ends 2 sessions of 2 users.");
    await page.getByText("Logged out 1 user, ending 1 session").waitFor();
    expect(await namesIn(page, /^Logged out/)).toEqual(["alice (1 session)"]);
    expect(await namesIn(page, /^Skipped/)).toEqual(["corp:eve (administrator)"]);
    expect([await isLive(alice), await isLive(boss)]).toEqual([false, true]);
    expect(await savedCsv(page)).toEqual([
      '\uFEFF"userId","outcome","sessionCount","reason"',
      '"alice","loggedOut","1",""',
      '"corp:eve","skipped","","administrator"',
      "",
    ]);

    await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
    await rowOf(page, "alice").waitFor({ state: "detached" });
    expect(await rowOf(page, "corp:eve").textContent()).toContain("Administrator");
  });

  test("staff is not given the action for administrators", async () => {
    await signedIn("alice");
    const page = await openUsers("staff");
    await choose(page, "alice");
    await page.getByRole("button", { name: "Actions" }).click();
    const item = page.getByRole("menuitem", { name: LOG_OUT_ADMINS });
    expect(await item.getAttribute("aria-disabled")).toBe("true");
  });

  test("what a log-out would do is asked first and changes nothing; the reason is told to the API and to nobody else", async () => {
    const [alice, boss] = [await signedIn("alice"), await signedIn("boss")];
    const page = await openUsers("admin");
    await choose(page, "alice", "boss");
    const sent: unknown[] = [];
    page.on("request", (request) => {
      if (request.url().endsWith("/admin/logout")) sent.push(request.postDataJSON());
    });
    await page.getByRole("button", { name: "Actions" }).click();
    await page.getByRole("menuitem", { name: LOG_OUT_TWO, exact: true }).click();
    const dialog = page.getByRole("dialog", { name: LOG_OUT_TWO });
    await dialog.getByRole("button", { name: "Check first what would happen" }).click();
    await dialog.getByText("1 user would be logged out, ending 1 session.").waitFor();
    await dialog.getByText("1 administrator would be skipped.").waitFor();
    expect([await isLive(alice), await isLive(boss)]).toEqual([true, true]);

    const field = dialog.getByRole("textbox", { name: "Reason" });
    await field.fill("x".repeat(201));
    await dialog.getByText("A reason has at most 200 characters.").waitFor();
    await dialog.getByRole("button", { name: "Log out", exact: true }).click();
    await field.fill(" left the company ");
    await dialog.getByRole("button", { name: "Log out", exact: true }).click();
    await page.getByText("Logged out 1 user, ending 1 session").waitFor();
    expect([await isLive(alice), await isLive(boss)]).toEqual([false, true]);
    const asked = { userIds: ["alice", "boss"], includeAdmins: false };
    expect(sent).toEqual([
      { ...asked, dryRun: true },
      { ...asked, reason: "left the company" },
    ]);
  });

  test("the admin logs out an admin by the second action only", async () => {
    const boss = await signedIn("boss");
    const page = await openUsers("admin");
    await choose(page, "boss");
    expect(await act(page, LOG_OUT)).toContain(
      "1 of the chosen users is an administrator and will be skipped.",
    );
    await page.getByText("Skipped 1 user").waitFor();
    expect(await isLive(boss)).toBe(true);
    await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();

    await choose(page, "boss");
    expect(await act(page, LOG_OUT_ADMINS)).toContain("This ends 1 session of 1 user.");
    await page.getByText("Logged out 1 user, ending 1 session").waitFor();
    expect(await isLive(boss)).toBe(false);
  });

  test("who logs out everybody goes last, sees the result and the notice", async () => {
    const alice = await signedIn("alice");
    const page = await openUsers("admin");
    await choose(page, "alice", "admin");
    expect(await act(page, LOG_OUT_TWO_ADMINS)).toContain("You are among them: you will be signed out too.");
    await page.getByText("Logged out 2 users, ending 2 sessions").waitFor();
    expect(await namesIn(page, /^Logged out/)).toEqual(["alice (1 session)", "admin (1 session)"]);
    await page.getByText("An administrator ended this session").waitFor();
    expect(await isLive(alice)).toBe(false);
  });

  test("without a permission the page is not offered, and the API answers 403", async () => {
    const page = await console.open({ as: "alice" });
    await thisDevice(page).waitFor();
    expect(await page.getByRole("link", { name: "Users and sessions" }).count()).toBe(0);
    const requested: string[] = [];
    page.on("request", (request) => requested.push(new URL(request.url()).pathname));
    await page.goto(`${console.url}/#/users`);
    await page.getByText("This page needs the permission single_session.logout").waitFor();
    expect(requested.filter((path) => path.startsWith("/admin"))).toEqual([]);
    const status = await page.evaluate<number>("fetch('/admin/sessions').then((answer) => answer.status)");
    expect(status).toBe(403);
  });

  test("one user is found by the id, whatever is in it, with live sessions and how others ended", async () => {
    const userId = "corp:eve/50% off?#x";
    await console.stack.invoke("login", { user: { id: userId }, device: { label: "Old phone" } });
    await console.stack.invoke("login", { user: { id: userId }, device: { label: "New phone" } });
    const page = await openUsers("staff");
    await findUsers(page, userId);
    await page.getByRole("link", { name: userId, exact: true }).click();
    await page.getByRole("link", { name: "Open as a page" }).click();
    await page.getByRole("heading", { level: 1, name: userId }).waitFor();
    const live = page.getByRole("table", { name: "Live sessions" });
    await live.getByText("New phone").waitFor();
    const endings = page.getByRole("table", { name: "Recent endings" });
    await endings.getByText("Signed in on New phone").waitFor();
    expect(await endings.getByRole("row").last().textContent()).toContain("The user");

    await act(page, LOG_OUT);
    await page.getByText("Logged out 1 user, ending 1 session").waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
    await page.getByText("The user is not signed in.").waitFor();
    const newest = endings.getByRole("row").nth(1);
    await newest.getByText("Ended by an administrator").waitFor();
    expect(await newest.textContent()).toMatch(/New phone.*staff/);
    expect(await endings.getByRole("row").last().textContent()).toContain("Old phone");
    expect(await page.getByRole("button", { name: "Actions" }).isDisabled()).toBe(true);
  });

  test.each(["corp:ev", "EVE"])(
    "users are found by how their ids begin (%s), and the address has it",
    async (text) => {
      await console.stack.invoke("login", { user: { id: "corp:eve" } });
      await signedIn("alice");
      const page = await openUsers("staff");
      await rowOf(page, "alice").waitFor();
      await findUsers(page, text);
      await rowOf(page, "alice").waitFor({ state: "detached" });
      await rowOf(page, "corp:eve").waitFor();
      await page.reload();
      await rowOf(page, "corp:eve").waitFor();
      const token = page.getByRole("group", { name: `User id starts with ${text}` });
      expect([await token.count(), await page.getByRole("rowheader").count()]).toEqual([1, 1]);
      await page.goBack();
      await rowOf(page, "alice").waitFor();
      expect(await token.count()).toBe(0);
      await page.goForward();
      await page.getByRole("button", { name: "Clear filters" }).click();
      await rowOf(page, "alice").waitFor();
    },
  );

  test("a user of whom nothing is known is said to be unknown, and nothing is offered that could do nothing", async () => {
    const page = await openUsers("staff");
    await findUsers(page, "nobody");
    await page.getByText("No user whose id begins with nobody is signed in.").waitFor();
    await page.getByRole("link", { name: "Open the page of nobody" }).click();
    await page.getByRole("heading", { name: "Nothing is known of this user" }).waitFor();
    expect([
      await page.getByRole("table").count(),
      await page.getByRole("button", { name: "Actions" }).count(),
    ]).toEqual([0, 0]);
    await page.getByRole("link", { name: "Find another user" }).click();
    await rowOf(page, "staff").waitFor();
  });

  test.each(["/users", "/users/staff"])(
    "a list that fails (%s) has no count, says so, and can be tried again",
    async (path) => {
      const page = await openUsers("staff");
      await page.route("**/admin/**", (route) => route.fulfill({ status: 503, json: {} }));
      await page.goto("about:blank");
      await page.goto(`${console.url}/#${path}`);
      await page.getByText("This did not work").first().waitFor();
      expect(await page.getByRole("heading", { name: /\(\d/ }).count()).toBe(0);
      expect(await page.getByText(/not signed in|Nobody is signed in|Nothing is known/).count()).toBe(0);
      await page.unroute("**/admin/**");
      expect(console.violations().join()).toContain("503");
      await page.getByRole("button", { name: "Try again" }).first().click();
      await page.getByRole("heading", { name: /\(\d+\)$/ }).waitFor();
    },
  );

  test("one session of a user is ended after asking, the others stay; one that had ended already is no error", async () => {
    await console.stack.invoke("admin-logout", { userIds: ["bob"] });
    const [phone, tablet] = [
      new HttpClient(console.stack.url, CHROME_ON_WINDOWS),
      await signedIn("bob", FIREFOX_ON_MACOS),
    ];
    await phone.login("bob");
    const page = await openUsers("staff");
    await page.goto(`${console.url}/#/users/bob`);
    const live = page.getByRole("table", { name: "Live sessions" });
    await page.getByRole("button", { name: "End this session: Firefox on macOS" }).click();
    await page.getByRole("dialog").getByRole("textbox", { name: "Reason" }).fill("lost tablet");
    const sending = page.waitForRequest((request) => request.method() === "DELETE");
    await page.getByRole("dialog").getByRole("button", { name: "End this session" }).click();
    expect(new URL((await sending).url()).searchParams.get("reason")).toBe("lost tablet");
    await page.getByText("The session of Firefox on macOS was ended.").waitFor();
    await live.getByText("Firefox on macOS").waitFor({ state: "detached" });
    expect([await isLive(phone), await isLive(tablet)]).toEqual([true, false]);
    const newest = page.getByRole("table", { name: "Recent endings" }).getByRole("row").nth(1);
    await newest.getByText("Ended by an administrator").waitFor();
    expect(await newest.textContent()).toMatch(/^Ended by an administratorFirefox on macOS.*staff$/);

    await phone.logout();
    await endIn(page, "Chrome on Windows");
    await page.getByText("The session of Chrome on Windows had ended already.").waitFor();
    await page.getByText("The user is not signed in.").waitFor();
  });

  test("the session of an administrator is not offered to end without the permission for it", async () => {
    await signedIn("boss");
    const page = await openUsers("staff");
    await page.goto(`${console.url}/#/users/boss`);
    const end = page.getByRole("button", { name: /^End this session/ });
    expect(await end.getAttribute("aria-disabled")).toBe("true");
  });

  test("the ending by a rule says in words what the rule was", async () => {
    await addUser(console.stack, "dora");
    await signedIn("dora");
    await changePassword(console.stack, "dora");
    const page = await openUsers("staff");
    await page.goto(`${console.url}/#/users/dora`);
    const ending = page.getByRole("table", { name: "Recent endings" }).getByRole("row").nth(1);
    await ending.getByText("The password was changed").waitFor();
    expect(await ending.textContent()).toMatch(/Automatic$/);
  });
});
