import type { Page } from "playwright-core";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { FORMULA_USER, type Seeded } from "../../support/seed-activity.ts";
import { expectSound } from "../sound.ts";
import { console } from "../shared-console.ts";
import { report } from "../waits.ts";
import { openPage, PATIENCE, SEEDING_MS, seedOnce, speakDutch } from "./seeded.ts";

const ROWS = 25;
/** The one that was noticed last but one: the last has a name that is long. */
const SUSPECT = "user-11";
const SIGNED_IN = "user-21";

let seeded: Seeded;

const suspectsOf = ({ records }: Seeded): string[] =>
  records
    .filter(({ kind }) => kind === "contention" || kind === "suspected")
    .toSorted((one, other) => other.at - one.at)
    .flatMap(({ userId }) => userId ?? []);

const rowsOf = (page: Page): Promise<string[]> => page.getByRole("rowheader").allTextContents();

async function openSuspect(page: Page, userId: string) {
  await page.getByRole("link", { name: `Details of ${userId}`, exact: true }).click();
  const panel = page.getByRole("region", { name: userId });
  await panel.getByRole("table", { name: "What happened" }).getByRole("row").nth(1).waitFor();
  return panel;
}

describe("the page of sharing", () => {
  beforeAll(async () => {
    seeded = await seedOnce();
  }, SEEDING_MS);
  afterEach(async () => {
    expect(console.violations()).toEqual([]);
    await console.closePages();
  });

  test("lists who is suspected, the latest first, a page after the other, each once", async () => {
    const since = performance.now();
    const page = await openPage("/sharing");
    const all = suspectsOf(seeded);
    await expect.poll(() => rowsOf(page), PATIENCE).toEqual(all.slice(0, ROWS));
    report("the page of sharing, with a sign-in", since);
    expect(all[0]).toBe(FORMULA_USER);
    await page.getByRole("button", { name: "Next page" }).click();
    await expect.poll(() => rowsOf(page), PATIENCE).toEqual(all.slice(ROWS, 2 * ROWS));
  });

  test("a suspect has both devices, why and how often, and all that happened", async () => {
    const page = await openPage("/sharing");
    const row = page.getByRole("row").filter({ hasText: SUSPECT }).first();
    for (const text of ["Comes back after being displaced", "Chrome on Windows", "Firefox on macOS"])
      await row.getByText(text).waitFor();
    const since = performance.now();
    const panel = await openSuspect(page, SUSPECT);
    report("what happened to a suspect", since);
    await panel
      .getByText("A device that was signed out while it was in use signed in again, three times in a day.")
      .waitFor();
    await panel.getByText("Not signed in").waitFor();
    for (const device of ["Chrome on Windows", "Firefox on macOS"])
      await panel.getByText(device).first().waitFor();
    const timeline = panel.getByRole("table", { name: "What happened" });
    const own = seeded.records.filter(({ userId }) => userId === SUSPECT);
    await expect.poll(() => timeline.getByRole("rowheader").count(), PATIENCE).toBe(own.length);
    await timeline.getByText("Sign-in", { exact: true }).waitFor();
    await page.reload();
    await panel.getByRole("link", { name: "All activity of the user" }).click();
    await expect.poll(() => page.url(), PATIENCE).toContain(`user=${SUSPECT}`);
  });

  test("a suspect's sessions are ended from there, with a reason that the timeline has then", async () => {
    const login = await console.stack.invoke("login", { user: { id: SIGNED_IN } });
    expect(login).toMatchObject({ outcome: "answered" });
    const page = await openPage("/sharing");
    const panel = await openSuspect(page, SIGNED_IN);
    await panel.getByText("1 session", { exact: true }).waitFor();
    await panel.getByRole("button", { name: "Actions" }).click();
    await page.getByRole("menuitem", { name: "Log out the user on all sessions" }).click();
    const dialog = page.getByRole("dialog", { name: "Log out the user on all sessions" });
    await dialog.getByRole("textbox", { name: "Reason" }).fill("shares the account");
    await dialog.getByRole("button", { name: "Log out", exact: true }).click();
    await page.getByText("Logged out 1 user, ending 1 session").waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
    await panel.getByText("Not signed in").waitFor();
    await page.goto(`${console.url}/#/activity?kind=administered&last=1h`);
    await page.getByText("Reason: shares the account").waitFor();
    const act = page.getByRole("row").filter({ hasText: "shares the account" });
    for (const text of ["Logged users out", "Done: 1 session", "By staff", SIGNED_IN])
      await act.getByText(text).waitFor();
  });

  test("the details open and close by keyboard, and the focus comes back to where it was", async () => {
    const page = await openPage("/sharing");
    const link = page.getByRole("link", { name: `Details of ${SUSPECT}`, exact: true });
    await link.focus();
    await page.keyboard.press("Enter");
    const panel = page.getByRole("region", { name: SUSPECT });
    await panel.getByRole("table", { name: "What happened" }).waitFor();
    await expect.poll(() => page.evaluate("document.activeElement?.className"), PATIENCE).toBe("panel");
    await panel.getByRole("button", { name: "Close panel" }).click();
    await panel.waitFor({ state: "detached" });
    await expect.poll(() => page.evaluate("document.activeElement?.textContent"), PATIENCE).toBe(SUSPECT);
  });

  test("has no grave violation and scrolls sideways nowhere, with details and in Dutch", async () => {
    const page = await openPage("/sharing");
    await openSuspect(page, SUSPECT);
    await expectSound(page);
    await speakDutch(page);
    await page.getByRole("heading", { level: 1, name: /^Delen/ }).waitFor();
    await page.getByRole("table", { name: "Wat er gebeurde" }).getByRole("row").nth(1).waitFor();
    await expectSound(page);
  });
});
