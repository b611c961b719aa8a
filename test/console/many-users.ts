import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { findUsers, signIn } from "../support/console-page.ts";
import { testClient } from "../support/dynamodb.ts";
import { seedSessions } from "../support/seed-sessions.ts";
import { MINUTE } from "../support/store.ts";
import { console } from "./shared-console.ts";

/** `MANY_USERS=10000 npx vitest run test/console -t "many users"` for a long list. */
const USERS = Number(process.env["MANY_USERS"] ?? 230);
const BATCH = 100;
const ROWS = 50;
const PATIENCE = { timeout: 15_000 };
/** Whoever may still be signed in from the tests before. */
const OTHERS = ["alice", "bob", "carol", "staff", "admin", "boss"];
const LONGEST_MS = 60_000 + 50 * USERS;

let page: Page;

describe("many users", () => {
  beforeAll(async () => {
    await console.stack.invoke("admin-logout", { userIds: OTHERS, includeAdmins: true });
    await seedSessions(
      testClient(),
      console.stack.tables["SessionsTableName"] ?? "",
      { era: "1", timeouts: { idle: 30 * MINUTE, absolute: 60 * MINUTE }, logoutAllSessions: true },
      Array.from({ length: USERS }, (_, index) => ({ userId: `user-${String(index)}`, sessions: 1 })),
    );
    page = await console.open();
    await signIn(page, "staff");
  }, 2 * LONGEST_MS);
  afterAll(() => console.closePages());
  afterEach(() => expect(console.violations()).toEqual([]));

  test("the list comes a page at a time, the first by one call, and each user is on one page", async () => {
    const calls: string[] = [];
    page.on("request", (request) => {
      if (request.url().includes("/admin/sessions")) calls.push(request.url());
    });
    const since = performance.now();
    await page.getByRole("link", { name: "Users and sessions" }).click();
    await page.getByRole("row").nth(ROWS).waitFor();
    report("the first page of the list", since);
    expect([calls.length, await page.getByRole("row").count()]).toEqual([1, ROWS + 1]);
    const seen = new Set<string>();
    const next = page.getByRole("button", { name: "Next page" });
    const last = Math.min(5, Math.ceil((USERS + 1) / ROWS));
    for (let number = 1; number <= last; number++) {
      await page
        .getByRole("button", { name: `Page ${number} of all pages` })
        .and(page.locator("[aria-current]"))
        .waitFor();
      for (const id of await page.getByRole("rowheader").allTextContents()) seen.add(id);
      if (number < last) await next.click();
    }
    expect(seen.size).toBe(Math.min(USERS + 1, last * ROWS));
    expect(await next.isDisabled()).toBe(USERS < last * ROWS);
  });

  test("one is found by how the id begins on whatever page, and the others with it", async () => {
    await findUsers(page, "user-22");
    await expect
      .poll(
        async () => (await page.getByRole("rowheader").allTextContents()).toSorted().slice(0, 3),
        PATIENCE,
      )
      .toEqual(["user-22", "user-220", "user-221"]);
    await page.getByRole("button", { name: "Clear filters" }).click();
    await page.getByRole("row").nth(ROWS).waitFor();
  });

  test(
    "everybody is chosen across the pages, and logged out batch by batch with progress",
    async () => {
      await page.getByRole("button", { name: "Refresh" }).click();
      await page
        .getByRole("checkbox", { name: "Select all users of this page", disabled: false })
        .check({ force: true });
      const choosing = performance.now();
      await page.getByRole("button", { name: "Select everybody who is signed in" }).click();
      await page.getByText(selected(USERS + 1), { exact: true }).waitFor({ timeout: LONGEST_MS });
      report(`choosing ${USERS} users`, choosing);
      // The one who does it stays.
      await findUsers(page, "staff");
      await page.getByRole("checkbox", { name: "Select staff" }).uncheck({ force: true });
      await page.getByText(selected(USERS), { exact: true }).waitFor();

      const batches: number[] = [];
      page.on("request", (request) => {
        if (request.url().endsWith("/admin/logout")) {
          batches.push((request.postDataJSON() as { userIds: string[] }).userIds.length);
        }
      });
      await page.getByRole("button", { name: "Actions" }).click();
      await page
        .getByRole("menuitem", { name: `Log out ${USERS.toLocaleString("en")} users on all sessions` })
        .click();
      const [users, sessions] = [
        `${USERS.toLocaleString("en")} users`,
        `${USERS.toLocaleString("en")} sessions`,
      ];
      await page.getByText(`This ends ${sessions} of ${users}.`).waitFor();
      const logout = performance.now();
      await page.getByRole("dialog").getByRole("button", { name: "Log out", exact: true }).click();
      await page.getByRole("progressbar").waitFor();
      await page
        .getByText(`Logged out ${users}, ending ${sessions}`)
        .first()
        .waitFor({ timeout: LONGEST_MS });
      report(`logging ${USERS} users out`, logout);
      const full = Math.floor(USERS / BATCH);
      expect(batches).toEqual([
        ...Array<number>(full).fill(BATCH),
        ...(USERS % BATCH > 0 ? [USERS % BATCH] : []),
      ]);
      const names = page.getByRole("region", { name: /^Logged out/ }).getByRole("listitem");
      expect(await names.count()).toBe(ROWS);
      await page.getByRole("dialog").getByRole("button", { name: "Page 5 of all pages" }).click();
      await expect.poll(() => names.count(), { timeout: 15_000 }).toBe(Math.min(ROWS, USERS - 4 * ROWS));
      await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
      await page.getByRole("button", { name: "Clear filters" }).click();
      await expect
        .poll(() => page.getByRole("rowheader").allTextContents(), { timeout: 15_000 })
        .toEqual(["staff"]);
    },
    2 * LONGEST_MS,
  );
});

const selected = (count: number): string => `${count.toLocaleString("en")} users selected`;

/** For the long list, whose times are of interest and never asserted on. */
function report(what: string, since: number): void {
  if (process.env["MANY_USERS"] !== undefined)
    process.stdout.write(`${what}: ${Math.round(performance.now() - since)} ms\n`);
}
