import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { ACTIVITY_HEADER } from "../../../console/src/activity/activity-csv.ts";
import type { ActivityRecord } from "../../../src/activity/activity.ts";
import { FORMULA_USER, type Seeded } from "../../support/seed-activity.ts";
import { expectSound } from "../sound.ts";
import { console } from "../shared-console.ts";
import { report } from "../waits.ts";
import { openPage, PATIENCE, SEEDING_MS, seedOnce, speakDutch, USERS } from "./seeded.ts";

/** As many as a call gives. */
const PAGE = 100;
const DAY_MS = 86_400_000;
/** For a list that is loaded to its end. */
const LOADING_MS = 60_000 + 20 * USERS;
const TEST_MS = 2 * LOADING_MS;

let seeded: Seeded;

const countOf = (matches: (record: ActivityRecord) => boolean, days = 7): number =>
  seeded.records.filter((record) => record.at >= Date.now() - days * DAY_MS && matches(record)).length;

const rowCount = (page: Page): Promise<number> => page.getByRole("rowheader").count();

/** What the filter looks for, typed as people do who know the words. */
async function filterBy(page: Page, text: string): Promise<void> {
  await page.getByRole("combobox", { name: "Filter" }).fill(text);
  await page.keyboard.press("Enter");
}

/** Chooses a value of those that are offered. */
async function choose(page: Page, property: string, value: string): Promise<void> {
  const filter = page.getByRole("combobox", { name: "Filter" });
  await filter.fill(`${property} = `);
  await page.getByRole("option", { name: value }).click();
  await page.getByRole("button", { name: "Apply" }).click();
}

async function loadAll(page: Page): Promise<void> {
  const more = page.getByRole("button", { name: "Show earlier ones" });
  const ready = page.getByRole("button", { name: "Show earlier ones", disabled: false });
  const left = async (): Promise<number> => {
    if ((await ready.count()) > 0) await ready.click();
    return more.count();
  };
  await expect.poll(left, { timeout: LOADING_MS, interval: 100 }).toBe(0);
}

/** However long the list before stays: its heading is like that of the next one. */
async function expectAll(page: Page, count: number): Promise<void> {
  const loaded = async (): Promise<number> => {
    await loadAll(page);
    return rowCount(page);
  };
  await expect.poll(loaded, PATIENCE).toBe(count);
}

/** The lines of the file that is saved. */
async function saved(page: Page, item: RegExp): Promise<string[]> {
  const saving = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export to CSV" }).click();
  await page.getByRole("menuitem", { name: item }).click();
  const file = await saving;
  expect(file.suggestedFilename()).toMatch(/^activity-[\d-]+T[\d-]+\.csv$/);
  return (await readFile(await file.path(), "utf8")).split("\r\n");
}

describe("the page of activity", () => {
  beforeAll(async () => {
    seeded = await seedOnce();
  }, SEEDING_MS);
  afterEach(async () => {
    expect(console.violations()).toEqual([]);
    await console.closePages();
  });

  test("shows the newest of everybody, and earlier ones a page at a time when asked", async () => {
    const since = performance.now();
    const page = await openPage("/activity");
    await expect.poll(() => rowCount(page), PATIENCE).toBe(PAGE);
    report("the newest activity, with a sign-in", since);
    await page.getByRole("heading", { name: `Activity (${PAGE}+)` }).waitFor();
    const times = await page.evaluate<string[]>(
      "[...document.querySelectorAll('tbody time')].map((each) => each.dateTime)",
    );
    expect(times).toEqual(times.toSorted().toReversed());
    await page.getByRole("button", { name: "Show earlier ones" }).click();
    await expect.poll(() => rowCount(page), PATIENCE).toBe(2 * PAGE);
  });

  test(
    "is filtered by kind from what is offered, to the last one of the period",
    async () => {
      const page = await openPage("/activity");
      await choose(page, "What", "Refused at the limit");
      const expected = countOf(({ kind }) => kind === "denied");
      await expect.poll(() => page.url(), PATIENCE).toContain("kind=denied");
      await page.getByRole("heading", { name: /^Activity \(\d/ }).waitFor();
      await expectAll(page, expected);
      await page.getByText("That is all of this period.").waitFor();
      await page.reload();
      await page.getByRole("button", { name: "Clear filters" }).click();
      await expect.poll(() => rowCount(page), PATIENCE).toBe(PAGE);
    },
    TEST_MS,
  );

  test(
    "is filtered by the whole id of a user, whatever is in it, and by why sessions ended",
    async () => {
      const page = await openPage("/activity?last=35d");
      await filterBy(page, `User = ${FORMULA_USER}`);
      const own = seeded.records.filter(({ userId }) => userId === FORMULA_USER);
      await expect.poll(() => rowCount(page), PATIENCE).toBe(own.length);
      // The same without the property, though the id begins with what is an operator elsewhere.
      await page.getByRole("button", { name: "Clear filters" }).click();
      await expect.poll(() => rowCount(page), PATIENCE).toBe(PAGE);
      await filterBy(page, FORMULA_USER);
      await expect.poll(() => rowCount(page), PATIENCE).toBe(own.length);
      expect(new URLSearchParams(page.url().split("?")[1]).get("user")).toBe(FORMULA_USER);
      await page.goto(`${console.url}/#/activity?last=35d&reason=revoked`);
      await page.getByText(/^Searched [\d,]+ records?$/).waitFor();
      await loadAll(page);
      const rows = await page.getByRole("rowheader").allTextContents();
      expect(rows.length).toBeGreaterThanOrEqual(countOf(({ reason }) => reason === "revoked", 35));
      expect(new Set(rows)).toEqual(new Set(["Revoked"]));
    },
    TEST_MS,
  );

  test(
    "is filtered by a period that is chosen, and the address has it",
    async () => {
      const page = await openPage("/activity?kind=throttled");
      await page.getByRole("button", { name: /Period/ }).click();
      await page.getByRole("radio", { name: "Last 35 days" }).check({ force: true });
      await page.getByRole("button", { name: "Apply" }).click();
      await expect.poll(() => page.url(), PATIENCE).toContain("last=35d");
      await page.getByRole("heading", { name: /^Activity \(\d/ }).waitFor();
      const all = countOf(({ kind }) => kind === "throttled", 35);
      expect(all).toBeGreaterThan(0);
      await expectAll(page, all);
      const [from, to] = [Date.now() - 20 * DAY_MS, Date.now() - 10 * DAY_MS];
      const between = new URLSearchParams({
        from: new Date(from).toISOString(),
        to: new Date(to).toISOString(),
      });
      await page.goto(`${console.url}/#/activity?kind=started&${between.toString()}`);
      const expected = seeded.records.filter(({ kind, at }) => kind === "started" && at >= from && at <= to);
      await page.getByRole("heading", { name: /^Activity \(\d/ }).waitFor();
      await expectAll(page, expected.length);
    },
    TEST_MS,
  );

  test("the export of all has every record of the period once, and no cell that a spreadsheet calculates", async () => {
    const page = await openPage("/activity?kind=ended,administered&last=35d");
    await expect.poll(() => rowCount(page), PATIENCE).toBe(PAGE);
    const since = performance.now();
    const [header, ...lines] = await saved(page, /^All of the period/);
    report(`the export of ${lines.length} records`, since);
    expect(header).toBe(`\uFEFF${ACTIVITY_HEADER.map((name) => `"${name}"`).join(",")}`);
    expect(lines.pop()).toBe("");
    const ids = lines.map((line) => line.split(",").at(-1)?.slice(1, -1) ?? "");
    expect(new Set(ids).size).toBe(ids.length);
    const expected = seeded.records.filter(({ kind }) => kind === "ended" || kind === "administered");
    expect(expected.filter(({ id }) => !ids.includes(id))).toEqual([]);
    const cells = lines.flatMap((line) => line.slice(1, -1).split('","'));
    expect(cells.filter((cell) => /^[=+\-@]/.test(cell))).toEqual([]);
    expect(cells).toContain("'=left the company");
    await page.getByText(/^Exported [\d,]+ records\.$/).waitFor();
  });

  test("the export of what is shown has what is shown, and one that stops half way can go on or be saved", async () => {
    const page = await openPage("/activity?kind=started&last=35d");
    await expect.poll(() => rowCount(page), PATIENCE).toBe(PAGE);
    expect(await saved(page, /^The 100 records shown/)).toHaveLength(1 + PAGE + 1);

    let calls = 0;
    await page.route("**/admin/activity*", (route) =>
      ++calls === 2 ? route.fulfill({ status: 503, json: {} }) : route.continue(),
    );
    await page.getByRole("button", { name: "Export to CSV" }).click();
    await page.getByRole("menuitem", { name: "All of the period" }).click();
    const dialog = page.getByRole("dialog", { name: "Export to CSV" });
    await dialog.getByText("100 records were loaded before.").waitFor();
    expect(console.violations().join()).toContain("503");
    const saving = page.waitForEvent("download");
    await dialog.getByRole("button", { name: "Go on" }).click();
    const lines = (await readFile(await (await saving).path(), "utf8")).split("\r\n");
    expect(lines.length - 2).toBeGreaterThanOrEqual(countOf(({ kind }) => kind === "started", 35));
  });

  test("all that happened to one session is a link away", async () => {
    const page = await openPage("/activity?user=user-11&last=35d");
    await page.getByRole("link", { name: "This session: session-of-11" }).first().click();
    await expect.poll(() => page.url(), PATIENCE).toContain("session=session-of-11");
    await page.getByText(/^Searched/).waitFor();
    const own = seeded.records.filter(({ sessionId }) => sessionId === "session-of-11");
    await expect.poll(() => rowCount(page), PATIENCE).toBe(own.length);
  });

  test("the page of a user, and the details beside the list, have the newest of it and lead to the rest", async () => {
    const own = seeded.records.filter(({ userId }) => userId === "user-11");
    for (const path of ["/users/user-11", "/users?user=user-11"]) {
      const page = await openPage(path);
      const table = page.getByRole("table", { name: "What happened" });
      await expect.poll(() => table.getByRole("rowheader").count(), PATIENCE).toBe(own.length);
      await page.getByRole("link", { name: "All activity of the user" }).click();
      await expect.poll(() => page.url(), PATIENCE).toContain("#/activity?user=user-11&last=90d");
    }
  });

  test("where there is little room, no word of what happened is broken", async () => {
    const page = await openPage("/users/user-11", { viewport: { width: 390, height: 844 } });
    const table = page.getByRole("table", { name: "What happened" });
    await table.getByText("Comes back after being displaced").waitFor();
    const broken = await table.evaluate((element) => {
      const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
      const words: string[] = [];
      while (texts.nextNode() !== null) {
        for (const { index, 0: word } of (texts.currentNode.textContent ?? "").matchAll(/\S+/g)) {
          const range = document.createRange();
          range.setStart(texts.currentNode, index);
          range.setEnd(texts.currentNode, index + word.length);
          if (new Set([...range.getClientRects()].map(({ top }) => top)).size > 1) words.push(word);
        }
      }
      return words;
    });
    expect(broken).toEqual([]);
  });

  test("has no grave violation and scrolls sideways nowhere, with a filter and in Dutch", async () => {
    const page = await openPage("/activity?kind=administered,ended,started,throttled,denied&last=35d");
    await page.getByRole("row").nth(1).waitFor();
    await expectSound(page);
    await speakDutch(page);
    await page.getByRole("heading", { level: 1, name: /^Activiteit/ }).waitFor();
    await page.getByText("Aanmelding").first().waitFor();
    await expectSound(page);
  });
});
