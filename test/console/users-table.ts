import type { Page } from "playwright-core";
import { afterEach, describe, expect, test } from "vitest";
import { findUsers } from "../support/console-page.ts";
import { CHROME_ON_WINDOWS, FIREFOX_ON_MACOS } from "../support/http-client.ts";
import { SAFARI_ON_IPHONE } from "./pictures.ts";
import { console } from "./shared-console.ts";

const PATIENCE = { timeout: 15_000 };
const USERS = ["table:ann", "table:ben", "table:cas"];

/** Ann has a computer, ben a phone, and cas, who is an administrator, another computer. */
async function openTable(): Promise<Page> {
  const devices = [CHROME_ON_WINDOWS, SAFARI_ON_IPHONE, FIREFOX_ON_MACOS];
  for (const [index, id] of USERS.entries()) {
    const user = { id, isAdmin: id === "table:cas" };
    await console.stack.invoke("login", { user, device: { userAgent: devices[index] } });
  }
  const page = await console.open({ as: "staff", path: "/users" });
  await findUsers(page, "table:");
  await expect.poll(() => idsOf(page), PATIENCE).toHaveLength(3);
  return page;
}

const idsOf = async (page: Page): Promise<string[]> =>
  (await page.getByRole("rowheader").allTextContents()).map((text) => text.replace("Administrator", ""));

/** Chooses a property and a value in the filter, as people do who use the mouse. */
async function filterBy(page: Page, property: string, operator: string, value: string): Promise<void> {
  await page.getByRole("combobox", { name: "Find users" }).fill(`${property} ${operator} ${value}`);
  await page.keyboard.press("Enter");
}

describe("the table of users", () => {
  afterEach(async () => {
    expect(console.violations()).toEqual([]);
    await console.closePages();
    await console.stack.invoke("admin-logout", { userIds: USERS, includeAdmins: true });
  });

  test.each([
    ["Kind of device", "=", "Phone or tablet", ["table:ben"]],
    ["Kind of device", "!=", "Phone or tablet", ["table:ann", "table:cas"]],
    ["Device", ":", "macos", ["table:cas"]],
    ["Administrator", "=", "No", ["table:ann", "table:ben"]],
    ["Identity source", "=", "table", USERS],
    ["Number of sessions", ">=", "2", []],
    ["Signed in", "=", "In the last hour", USERS],
  ])(
    "users are filtered by a property beside their ids: %s %s %s",
    async (property, operator, value, ids) => {
      const page = await openTable();
      await filterBy(page, property, operator, value);
      await expect.poll(async () => (await idsOf(page)).toSorted(), PATIENCE).toEqual(ids);
      await page.reload();
      await page.getByRole("button", { name: "Clear filters" }).waitFor();
      await expect.poll(async () => (await idsOf(page)).toSorted(), PATIENCE).toEqual(ids);
    },
  );

  test("a heading puts the users in order, and the other way round", async () => {
    const page = await openTable();
    const heading = page.getByRole("columnheader", { name: /^User/ }).getByRole("button");
    await heading.click();
    await expect.poll(() => idsOf(page), PATIENCE).toEqual(USERS);
    await heading.click();
    await expect.poll(() => idsOf(page), PATIENCE).toEqual(USERS.toReversed());
  });

  test("the preferences are kept in the browser: page size and columns", async () => {
    const page = await openTable();
    await page.getByRole("button", { name: "Preferences" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("radio", { name: "20 users" }).check({ force: true });
    await dialog.getByRole("checkbox", { name: "Signed in" }).uncheck({ force: true });
    await dialog.getByRole("button", { name: "Confirm" }).click();
    await page.getByRole("columnheader", { name: "Signed in" }).waitFor({ state: "detached" });
    await page.reload();
    await page.getByRole("columnheader", { name: "Last active" }).waitFor();
    expect(await page.getByRole("columnheader", { name: "Signed in" }).count()).toBe(0);
    await page.getByRole("button", { name: "Preferences" }).click();
    expect(await dialog.getByRole("radio", { name: "20 users" }).isChecked()).toBe(true);
  });

  test("a user's details open beside the list by keyboard, the focus goes there and comes back", async () => {
    const page = await openTable();
    const link = page.getByRole("link", { name: "table:ben" });
    await link.focus();
    await page.keyboard.press("Enter");
    const panel = page.getByRole("region", { name: "table:ben" });
    await panel.getByRole("table", { name: "Live sessions" }).getByText("Safari on iOS").waitFor();
    await expect.poll(() => page.evaluate("document.activeElement?.className"), PATIENCE).toBe("panel");
    expect(await idsOf(page)).toEqual(expect.arrayContaining(USERS));
    await panel.getByRole("button", { name: "Close panel" }).click();
    await panel.waitFor({ state: "detached" });
    await expect.poll(() => page.evaluate("document.activeElement?.textContent"), PATIENCE).toBe("table:ben");
  });

  test("it says how old it is, and is young again when it was refreshed", async () => {
    const page = await openTable();
    await page.getByText(/^Updated ([3-9]|\d\d) seconds ago$/).waitFor();
    await page.getByRole("button", { name: "Refresh" }).click();
    await page.getByText(/^Updated [0-2] seconds? ago$/).waitFor();
  });
});
