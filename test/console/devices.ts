import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { Page } from "playwright-core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ACCOUNT_URL, fillSignIn, thisDevice } from "../support/console-page.ts";
import { testClient } from "../support/dynamodb.ts";
import { FIREFOX_ON_MACOS, HttpClient } from "../support/http-client.ts";
import { console } from "./shared-console.ts";

const AN_HOUR_MS = 3_600_000;

let page: Page;
let tablet: HttpClient;

const card = (label: string) =>
  page.getByRole("listitem").filter({ hasText: label }).filter({ hasText: "Last active" });

describe("my devices", () => {
  beforeEach(async () => {
    await console.stack.invoke("admin-logout", { userIds: ["bob"] });
    tablet = new HttpClient(console.stack.url, FIREFOX_ON_MACOS);
    await tablet.login("bob");
    page = await console.open({ as: "bob" });
    await thisDevice(page).waitFor();
  });
  afterEach(async () => {
    expect(console.violations()).toEqual([]);
    await console.closePages();
  });

  test("lists the sessions with device, address and times, the current one marked", async () => {
    const other = card("Firefox on macOS");
    await other.waitFor();
    expect(await other.textContent()).toContain("127.0.0.1");
    expect(await other.getByText("This device").count()).toBe(0);
    expect(await thisDevice(page).count()).toBe(1);
    const [time] = await other.locator("time").all();
    expect([await time?.textContent(), await time?.getAttribute("title")]).toEqual([
      "now",
      expect.stringMatching(new RegExp(`${new Date().getFullYear()}.*\\d\\d:\\d\\d:\\d\\d`)),
    ]);
  });

  test("ends one session after asking, and the list has it no more", async () => {
    await page.getByRole("button", { name: "End this session: Firefox on macOS" }).click();
    const dialog = page.getByRole("dialog");
    expect((await tablet.session()).status).toBe(200);
    await dialog.getByRole("button", { name: "End this session" }).click();
    await page.getByText("The session of Firefox on macOS was ended.").waitFor();
    await card("Firefox on macOS").waitFor({ state: "detached" });
    expect((await tablet.session()).status).toBe(401);
  });

  test("a device that was somebody else's is ended, and the page says what to do next and where", async () => {
    const devices = page.getByRole("list", { name: "My devices" });
    await devices.getByRole("button", { name: "That was not me: Firefox on macOS" }).click();
    const question = page.getByRole("dialog", { name: "Was the sign-in on Firefox on macOS not you?" });
    expect((await tablet.session()).status).toBe(200);
    await question.getByRole("button", { name: "End this session" }).click();
    const next = page.getByRole("dialog", { name: "What to do now" });
    await next.getByText("Change your password").waitFor();
    expect(await next.getByRole("link", { name: /^Go to my account/ }).getAttribute("href")).toBe(
      ACCOUNT_URL,
    );
    expect((await tablet.session()).status).toBe(401);
  });

  test("the menu of the user leads to the page of the account, in a tab of its own", async () => {
    await page.getByRole("button", { name: "Signed in as bob" }).click();
    const account = page.getByRole("menuitem", { name: /^My account/ });
    expect([await account.getAttribute("href"), await account.getAttribute("target")]).toEqual([
      ACCOUNT_URL,
      "_blank",
    ]);
  });

  test("ends all others, and keeps this one", async () => {
    await page.getByRole("button", { name: "End all other sessions" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "End all other sessions" }).click();
    await page.getByText("1 session elsewhere ended.").waitFor();
    expect((await tablet.session()).status).toBe(401);
    await page.reload();
    await thisDevice(page).waitFor();
  });

  test("a login an hour old is asked for the password first, which then does what was asked", async () => {
    await ageSessions(AN_HOUR_MS);
    await page.getByRole("button", { name: "End all other sessions" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "End all other sessions" }).click();
    const dialog = page.getByRole("dialog", { name: "Enter your password again" });
    await dialog.getByLabel("Password").fill("not-the-password");
    await dialog.getByRole("button", { name: "Confirm" }).click();
    await dialog.getByText("The user name or the password is wrong.").waitFor();
    expect((await tablet.session()).status).toBe(200);
    await dialog.getByLabel("Password").fill("local-demo-only");
    await dialog.getByRole("button", { name: "Confirm" }).click();
    await page.getByText("1 session elsewhere ended.").waitFor();
    expect((await tablet.session()).status).toBe(401);
    expect(await page.getByRole("dialog").count()).toBe(0);
  });

  test("a logout in another tab is found here too, and says so", async () => {
    const tab = await page.context().newPage();
    await tab.goto(console.url);
    await thisDevice(tab).waitFor();
    await tab.getByRole("button", { name: "Log out", exact: true }).click();
    await tab.getByLabel("User name").waitFor();
    await page.getByText("This browser is signed out").waitFor();
    await page.getByRole("button", { name: "Sign in again" }).click();
    await fillSignIn(page, "bob");
    await thisDevice(page).waitFor();
  });
});

/** Moves the logins of bob's sessions into the past. */
async function ageSessions(byMs: number): Promise<void> {
  const admin = new HttpClient(console.stack.url);
  await admin.login("admin");
  const answer = await admin.call("GET", "/admin/sessions?userId=bob");
  const { sessions } = answer.body as { sessions: { id: string; createdAt: string }[] };
  const documents = testClient();
  for (const { id, createdAt } of sessions) {
    await documents.send(
      new UpdateCommand({
        TableName: console.stack.tables["SessionsTableName"],
        Key: { pk: `session#${id}` },
        UpdateExpression: "SET createdAt = :at",
        ConditionExpression: "attribute_exists(pk)",
        ExpressionAttributeValues: { ":at": Date.parse(createdAt) - byMs },
      }),
    );
  }
}
