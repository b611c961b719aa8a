import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { MOST_WITHOUT_JOB } from "../../console/src/jobs/start-jobs.ts";
import { findUsers } from "../support/console-page.ts";
import { testClient } from "../support/dynamodb.ts";
import { jobsOf } from "../support/run-job.ts";
import { seedSessions } from "../support/seed-sessions.ts";
import { MINUTE } from "../support/store.ts";
import { console } from "./shared-console.ts";
import { report } from "./waits.ts";

/** `MANY_USERS=10000 npx vitest run test/console -t "the page of|many users"` for a large deployment. */
const USERS = Number(process.env["MANY_USERS"] ?? 230);
const BATCH = 100;
const ROWS = 50;
/** As many are searched without being asked to (console/src/users/find-users.ts). */
const MOST_UNASKED = 1000;
const PATIENCE = { timeout: 15_000 };
/** Whoever may still be signed in from the tests before. */
const OTHERS = ["alice", "bob", "carol", "staff", "admin", "boss"];
const LONGEST_MS = 60_000 + 50 * USERS;
/** For what takes the longer the more users there are. */
const LONG = { timeout: LONGEST_MS };
const IDS = Array.from({ length: USERS }, (_, index) => `user-${index}`);

let page: Page;

describe("many users", () => {
  beforeAll(async () => {
    await console.stack.invoke("admin-logout", { userIds: OTHERS, includeAdmins: true });
    await seedSessions(
      testClient(),
      console.stack.tables["SessionsTableName"] ?? "",
      { era: "1", timeouts: { idle: 30 * MINUTE, absolute: 60 * MINUTE }, logoutAllSessions: true },
      IDS.map((userId) => ({ userId, sessions: 1 })),
    );
    page = await console.open({ as: "staff" });
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
    const ids = IDS.filter((id) => id.startsWith("user-22"));
    const since = performance.now();
    await findUsers(page, "user-22");
    // A whole id is looked up, however many there are.
    await page.getByRole("rowheader").getByText("user-22", { exact: true }).waitFor();
    report("a user by the whole id", since);
    if (USERS > MOST_UNASKED) {
      await page.getByRole("button", { name: "Search everybody" }).click(LONG);
      report(`a search of ${MOST_UNASKED} users`, since);
    }
    // Twice: for people who hear the page as well.
    await page.getByText(`${ids.length} users found`, { exact: true }).first().waitFor(LONG);
    report(`a search of ${USERS} users`, since);
    await page.getByRole("columnheader", { name: /^User/ }).getByRole("button").click();
    await expect
      .poll(() => page.getByRole("rowheader").allTextContents(), PATIENCE)
      .toEqual(ids.toSorted((one, other) => one.localeCompare(other)).slice(0, ROWS));
    await page.reload();
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

      const sent: { readonly path: string; readonly userIds: readonly string[] }[] = [];
      page.on("request", (request) => {
        if (request.method() !== "POST") return;
        const { userIds } = request.postDataJSON() as { userIds: string[] };
        sent.push({ path: new URL(request.url()).pathname, userIds });
      });
      await page.getByRole("button", { name: "Actions" }).click();
      await page.getByRole("menuitem", { name: `Log out ${counted(USERS)} users on all sessions` }).click();
      await page.getByText(`This ends ${counted(USERS)} sessions of ${counted(USERS)} users.`).waitFor();
      const logout = performance.now();
      await page.getByRole("dialog").getByRole("button", { name: "Log out", exact: true }).click();
      await (USERS > MOST_WITHOUT_JOB ? expectJob(sent) : expectBatches(sent));
      report(`logging ${USERS} users out`, logout);
      expect(sent.flatMap(({ userIds }) => userIds).toSorted()).toEqual(IDS.toSorted());
      await page.getByRole("button", { name: "Clear filters" }).click();
      await expect.poll(() => page.getByRole("rowheader").allTextContents(), PATIENCE).toEqual(["staff"]);
    },
    2 * LONGEST_MS,
  );
});

type Sent = readonly { readonly path: string; readonly userIds: readonly string[] }[];

async function expectBatches(sent: Sent): Promise<void> {
  await page.getByRole("progressbar").waitFor();
  await page
    .getByText(`Logged out ${counted(USERS)} users, ending ${counted(USERS)} sessions`)
    .first()
    .waitFor(LONG);
  const full = Math.floor(USERS / BATCH);
  expect(sent.map(({ path, userIds }) => [path, userIds.length])).toEqual(
    [...Array<number>(full).fill(BATCH), ...(USERS % BATCH > 0 ? [USERS % BATCH] : [])].map((size) => [
      "/admin/logout",
      size,
    ]),
  );
  const names = page.getByRole("region", { name: /^Logged out/ }).getByRole("listitem");
  expect(await names.count()).toBe(ROWS);
  await page.getByRole("dialog").getByRole("button", { name: "Page 5 of all pages" }).click();
  await expect.poll(() => names.count(), PATIENCE).toBe(Math.min(ROWS, USERS - 4 * ROWS));
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
}

/** One job for all of them, which goes on step by step, and its end. */
async function expectJob(sent: Sent): Promise<void> {
  await page.getByRole("heading", { name: `Log-out of ${counted(USERS)} users` }).waitFor(LONG);
  expect(sent.map(({ path }) => path)).toEqual(["/admin/jobs"]);
  const progress = page.getByRole("progressbar");
  const values: number[] = [];
  await expect
    .poll(async () => {
      values.push(Number(await progress.getAttribute("value")));
      return values.at(-1);
    }, LONG)
    .toBe(100);
  expect(values).toEqual(values.toSorted((one, other) => one - other));
  expect(values.some((value) => value > 0 && value < 100)).toBe(true);
  await page.getByText("Finished", { exact: true }).waitFor(LONG);
  await page.getByText(`${counted(USERS)} users, ${counted(USERS)} sessions`).waitFor();
  const jobs = jobsOf(testClient(), console.stack);
  expect(await jobs.get(page.url().split("/").at(-1) ?? "")).toMatchObject({
    ...{ state: "finished", users: USERS, usersDone: USERS, loggedOut: USERS, sessionCount: USERS },
    ...{ skipped: 0, unknown: 0, actor: "staff" },
  });
  await page.goto(`${console.url}/#/users?find=staff`);
}

const counted = (count: number): string => count.toLocaleString("en");
const selected = (count: number): string => `${counted(count)} users selected`;
