import type { Page } from "playwright-core";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { counterOf } from "../../../src/activity/items.ts";
import type { Seeded } from "../../support/seed-activity.ts";
import { expectSound } from "../sound.ts";
import { console } from "../shared-console.ts";
import { report } from "../waits.ts";
import { openPage, PATIENCE, SEEDING_MS, seedOnce, speakDutch } from "./seeded.ts";

const HOUR_MS = 3_600_000;
const PERIODS = [
  ["24 hours", "24h", 24],
  ["7 days", "7d", 7 * 24],
  ["35 days", "35d", 35 * 24],
] as const;
const CHARTS = [
  ["Live sessions", "#/users"],
  ["Sign-ins", "#/activity?kind=started&last=24h"],
  ["Ends of sessions", "#/activity?kind=ended&last=24h"],
  ["Refused", "#/activity?kind=denied%2Cthrottled&last=24h"],
] as const;

let seeded: Seeded;

/** How many were seeded in the hours of a period that ends now. */
function countOf(counter: string, hours: number): number {
  const now = Date.now();
  const from = Math.floor((now - hours * HOUR_MS) / HOUR_MS) * HOUR_MS;
  return seeded.records.filter((record) => counterOf(record) === counter && record.at >= from).length;
}

/** A number of those above the charts. */
const numberOf = async (page: Page, name: string): Promise<number> => {
  const text = await page.getByRole("link", { name: new RegExp(`^${name}: `) }).textContent();
  return Number(text?.replaceAll(",", ""));
};

describe("the page of the overview", () => {
  beforeAll(async () => {
    seeded = await seedOnce();
    await console.stack.invoke("recount", { task: "measure" });
  }, SEEDING_MS);
  afterEach(async () => {
    expect(console.violations()).toEqual([]);
    await console.closePages();
  });

  test.each(PERIODS)(
    "counts what happened in the last %s, and the address has it",
    async (name, id, hours) => {
      const page = await openPage(id === "35d" ? "/overview" : "/overview?last=35d");
      await page.getByRole("button", { name, exact: true }).click();
      await expect.poll(() => page.url(), PATIENCE).toContain(`last=${id}`);
      // Nobody else is refused or suspected meanwhile; people do sign in.
      for (const [label, counter] of [
        ["Refused at the limit", "denied"],
        ["Throttled", "throttled"],
        ["Suspicions of sharing", "suspected"],
      ] as const)
        await expect.poll(() => numberOf(page, label), PATIENCE).toBe(countOf(counter, hours));
      expect(await numberOf(page, "Sign-ins")).toBeGreaterThanOrEqual(countOf("started", hours));
      expect(await numberOf(page, "Displaced")).toBeGreaterThanOrEqual(countOf("ended_displaced", hours));
      expect(await numberOf(page, "Live now, about")).toBeGreaterThan(0);
      const since = performance.now();
      await page.reload();
      await expect.poll(() => numberOf(page, "Throttled"), PATIENCE).toBe(countOf("throttled", hours));
      report(`the overview of the last ${name}`, since);
      const pressed = page.getByRole("button", { name, exact: true, pressed: true });
      expect(await pressed.count()).toBe(1);
    },
  );

  test.each(CHARTS)("the chart of %s leads to the list behind it", async (name, href) => {
    const page = await openPage("/overview");
    const link = page.getByRole("link", { name: `Show the list: ${name}`, exact: true });
    expect(await link.getAttribute("href")).toBe(href);
    await link.click();
    await page.getByRole("row").nth(1).waitFor();
    await page.getByRole("heading", { level: 1, name: /^(?:Users and sessions|Activity)/ }).waitFor();
  });

  test("a bar is reached by keyboard, says how many they were, and leads to what happened in that hour", async () => {
    const page = await openPage("/overview");
    const chart = page.getByRole("application", { name: "Sign-ins" });
    await chart.focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    const shown = page.getByRole("link", { name: "Show these" });
    await shown.waitFor();
    await page.getByText(/^\d+ \w+, \d\d:\d\d – \d+ \w+, \d\d:\d\d$/).waitFor();
    const query = new URLSearchParams((await shown.getAttribute("href"))?.split("?")[1]);
    const [from, to] = [Date.parse(query.get("from") ?? ""), Date.parse(query.get("to") ?? "")];
    expect([query.get("kind"), to - from, from % HOUR_MS]).toEqual(["started", HOUR_MS, 0]);
    await shown.click();
    await page.getByRole("heading", { level: 1, name: /^Activity/ }).waitFor();
    await page.getByText("Sign-in").first().waitFor();
  });

  test.each(["24h", "35d"])(
    "has no grave violation and scrolls sideways nowhere (%s), in Dutch as well",
    async (last) => {
      const page = await openPage(`/overview?last=${last}`);
      await page.getByRole("link", { name: /^Throttled: \d/ }).waitFor();
      await expectSound(page);
      await speakDutch(page);
      await page.getByRole("heading", { level: 1, name: "Overzicht" }).waitFor();
      await expectSound(page);
    },
  );
});
