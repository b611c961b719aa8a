import type { Page } from "playwright-core";
import { afterEach, beforeAll, describe, test } from "vitest";
import { CHROME_ON_WINDOWS } from "../../support/http-client.ts";
import { FOLDER, NO_CLIENT_HINTS, take } from "../pictures.ts";
import { console } from "../shared-console.ts";
import { openPage, SEEDING_MS, seedOnce } from "./seeded.ts";

/** For all columns, beside the navigation. */
const SIZE = { width: 1280, height: 720 } as const;

describe.runIf(FOLDER !== "")("pictures of activity", () => {
  beforeAll(async () => {
    await seedOnce();
  }, SEEDING_MS);
  afterEach(() => console.closePages());

  const open = (path: string): Promise<Page> =>
    openPage(path, {
      viewport: SIZE,
      userAgent: CHROME_ON_WINDOWS,
      extraHTTPHeaders: NO_CLIENT_HINTS,
    });

  test("of the overview", async () => {
    const page = await open("/overview?last=7d");
    await page.getByRole("link", { name: /^Throttled: \d/ }).waitFor();
    await take(page, "overview");
  });

  test("of a suspect", async () => {
    const page = await open("/sharing?user=user-11");
    const timeline = page.getByRole("table", { name: "What happened" });
    await timeline.getByRole("row").nth(1).waitFor();
    await take(page, "sharing");
  });

  test("of administrators' acts among what happened", async () => {
    const page = await open("/activity?kind=ended,administered,contention,suspected");
    await page.getByRole("row").nth(5).waitFor();
    await take(page, "activity");
  });
});
