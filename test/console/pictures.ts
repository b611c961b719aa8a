import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterEach, describe, expect, test } from "vitest";
import { fillSignIn, signIn } from "../support/console-page.ts";
import { CHROME_ON_WINDOWS, FIREFOX_ON_MACOS, HttpClient } from "../support/http-client.ts";
import { console } from "./shared-console.ts";

/** `PICTURES=docs/pictures npx vitest run test/console -t pictures` makes those of the documentation anew. */
export const FOLDER = process.env["PICTURES"] ?? "";
const SIZE = { width: 1000, height: 620 } as const;
const LARGEST_BYTES = 80_000;

export const SAFARI_ON_IPHONE =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Mobile/15E148 Safari/604.1";
/** Devices are read by the user agent then: the browser's own hints name HeadlessChrome. */
export const NO_CLIENT_HINTS = { "sec-ch-ua": "", "sec-ch-ua-mobile": "", "sec-ch-ua-platform": "" };
const FIREFOX_ON_WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0";

describe.runIf(FOLDER !== "")("pictures", () => {
  afterEach(async () => {
    await console.closePages();
    await console.stack.invoke("admin-logout", {
      userIds: ["alice", "bob", "staff", "admin"],
      includeAdmins: true,
    });
  });

  const open = (): Promise<Page> =>
    console.open({ viewport: SIZE, userAgent: CHROME_ON_WINDOWS, extraHTTPHeaders: NO_CLIENT_HINTS });
  const login = (userName: string, userAgent: string): Promise<unknown> =>
    new HttpClient(console.stack.url, userAgent).login(userName);

  test("of the sign-in with the picker", async () => {
    await login("bob", FIREFOX_ON_MACOS);
    await login("bob", SAFARI_ON_IPHONE);
    const page = await open();
    await fillSignIn(page, "bob");
    await page.getByRole("checkbox", { name: "Safari on iOS" }).check({ force: true });
    await take(page, "sign-in-picker");
  });

  test("of the users with a selection", async () => {
    await login("bob", FIREFOX_ON_MACOS);
    await login("bob", SAFARI_ON_IPHONE);
    await login("alice", SAFARI_ON_IPHONE);
    await login("admin", FIREFOX_ON_WINDOWS);
    await console.stack.invoke("login", {
      user: { id: "corp:maria" },
      device: { userAgent: FIREFOX_ON_WINDOWS },
    });
    const page = await open();
    await signIn(page, "staff");
    await page.getByRole("link", { name: "Users and sessions" }).click();
    for (const userId of ["alice", "bob"]) {
      await page.getByRole("checkbox", { name: `Select ${userId}`, disabled: false }).check({ force: true });
    }
    await page.getByRole("button", { name: "Actions" }).click();
    await page.getByRole("menuitem").first().waitFor();
    await take(page, "sessions-selected");
  });

  test("of the notice on the device that was signed out", async () => {
    const page = await open();
    await signIn(page, "alice");
    await login("alice", FIREFOX_ON_WINDOWS);
    await page.getByRole("dialog").getByRole("button", { name: "Sign in again" }).waitFor();
    await take(page, "notice");
  });
});

export async function take(page: Page, name: string): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  const path = join(FOLDER, `${name}.png`);
  await page.screenshot({ path, animations: "disabled", caret: "hide" });
  expect((await stat(path)).size).toBeLessThan(LARGEST_BYTES);
}
