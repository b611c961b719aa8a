import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { expectSound } from "../sound.ts";
import { console } from "../shared-console.ts";
import { forgetActivity, openPage, PATIENCE } from "./seeded.ts";

const PAGES = [
  ["/overview", "/admin/overview", "Overview"],
  ["/sharing", "/admin/suspects", "Sharing"],
  ["/activity", "/admin/activity", "Activity"],
] as const;

describe("the page of activity where there is none, or none to be had", () => {
  beforeAll(() => forgetActivity());
  afterEach(async () => {
    expect(console.violations()).toEqual([]);
    await console.closePages();
  });

  test("the overview of a deployment where nothing happened has charts that say so, and no number but 0", async () => {
    const page = await openPage("/");
    await forgetActivity();
    await page.goto(`${console.url}/#/overview?last=7d`);
    for (const name of ["Sign-ins", "Displaced", "Other ends", "Refused at the limit", "Throttled"])
      await page.getByRole("link", { name: `${name}: 0`, exact: true }).waitFor();
    await page.getByRole("link", { name: "Live now, about: Unknown" }).waitFor();
    // The charts say it, and beside the page it is said once more for people who hear it.
    const charts = page.locator("#root");
    await expect.poll(() => charts.getByText("Nothing happened in this period.").count(), PATIENCE).toBe(3);
    await charts.getByText("Nobody was signed in, as far as is known.").waitFor();
    await expectSound(page);
  });

  test("nobody who shares an account, and no activity, is said in words", async () => {
    const page = await openPage("/sharing");
    await page.getByText("Nobody is suspected of sharing an account.").waitFor();
    await page.getByRole("heading", { name: "Sharing (0)" }).waitFor();
    await expectSound(page);
    await forgetActivity();
    await page.goto(`${console.url}/#/activity`);
    await page.getByText("Nothing happened in this period.").waitFor();
    await page.getByRole("heading", { name: "Activity (0)" }).waitFor();
    await expectSound(page);
    await page.goto(`${console.url}/#/activity?kind=denied`);
    await page.getByText("Nothing that the filter looks for happened in this period.").waitFor();
    await page.getByRole("button", { name: "Clear the filter" }).click();
    await expect.poll(() => page.url(), PATIENCE).toMatch(/#\/activity(?:\?last=7d)?$/);
  });

  test.each(PAGES)(
    "%s that fails says so without a number, and is there when it is tried again",
    async (path, call, title) => {
      const page = await openPage("/");
      await page.route(`**${call}*`, (route) => route.fulfill({ status: 503, json: {} }));
      await page.goto(`${console.url}/#${path}`);
      const failure = page.getByText("This did not work").first();
      await failure.waitFor();
      expect(await page.getByRole("heading", { name: /\(\d/ }).count()).toBe(0);
      expect(await page.getByText(/Nobody|Nothing|0 /).count()).toBe(0);
      await expectSound(page);
      await page.unroute(`**${call}*`);
      expect(console.violations().join()).toContain("503");
      await page.getByRole("button", { name: "Try again" }).click();
      await failure.waitFor({ state: "detached" });
      await page.getByRole("heading", { level: 1, name: title }).waitFor();
    },
  );

  test.each(PAGES)("%s says that it is loading, and what to do offline", async (path, call, title) => {
    const page = await openPage("/");
    const answer = Promise.withResolvers<undefined>();
    await page.route(`**${call}*`, async (route) => {
      await answer.promise;
      await route.continue();
    });
    await page.goto(`${console.url}/#${path}`);
    await page.getByText("Loading").first().waitFor();
    answer.resolve(undefined);
    await page.getByRole("button", { name: "Refresh", disabled: false }).waitFor();
    await page.getByText("Loading").first().waitFor({ state: "detached" });
    await page.unroute(`**${call}*`);

    await page.goto(`${console.url}/#/`);
    await page.context().setOffline(true);
    await page.goto(`${console.url}/#${path}`);
    await page
      .getByText(/You are offline/)
      .first()
      .waitFor();
    await page.context().setOffline(false);
    await page
      .getByText(/You are offline/)
      .first()
      .waitFor({ state: "detached" });
    await page.getByRole("heading", { level: 1, name: title }).waitFor();
    // What the browser itself says of a request that it could not send.
    console.violations();
  });

  test("a page whose program cannot be loaded says so in its place, and is there when the connection is back", async () => {
    const page = await openPage("/", { isNew: true });
    await page.context().setOffline(true);
    await page.goto(`${console.url}/#/overview`);
    await page.getByText("This did not work").waitFor();
    await page.getByText("You are offline").waitFor();
    await page.getByRole("link", { name: "My devices" }).click();
    await page.getByRole("heading", { level: 1, name: "My devices" }).waitFor();
    await page.getByRole("link", { name: "Overview" }).click();
    await page.getByText("This did not work").waitFor();
    await page.context().setOffline(false);
    await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
    console.violations();
  });

  test.each(PAGES)("%s is not there for those who may not list sessions", async (path, call) => {
    const page = await console.open({ as: "alice" });
    const asked: string[] = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    await page.goto(`${console.url}/#${path}`);
    await page.getByText("This page needs the permission single_session.logout").waitFor();
    expect(asked).not.toContain(call);
  });
});
