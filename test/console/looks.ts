import { gzipSync } from "node:zlib";
import type { Page, Response } from "playwright-core";
import { afterEach, describe, expect, test } from "vitest";
import { fillSignIn, signIn, thisDevice, type PageOptions } from "../support/console-page.ts";
import { HttpClient } from "../support/http-client.ts";
import { console } from "./shared-console.ts";
import { expectSound } from "./sound.ts";

const PATIENCE = { timeout: 15_000 };
/** Of programs, and of styles with their fonts: what people wait for who open the page for the first time. */
const MOST_KB = 191;
const KB = 1024;
const DARK = { colorScheme: "dark" } as const;

/** Each page, as it is reached. */
const PAGES: readonly [string, PageOptions, (page: Page) => Promise<void>][] = [
  [
    "the sign-in with its errors",
    {},
    async (page) => {
      await fillSignIn(page, "", "");
      await page.getByText("Enter your password.").waitFor();
    },
  ],
  [
    "the picker",
    {},
    async (page) => {
      await new HttpClient(console.stack.url).login("bob");
      await new HttpClient(console.stack.url).login("bob");
      await fillSignIn(page, "bob");
      await page.getByRole("checkbox").first().waitFor();
    },
  ],
  ["my devices", { as: "alice" }, (page) => thisDevice(page).waitFor()],
  [
    "users and sessions, with a selection",
    { as: "admin", path: "/users" },
    async (page) => {
      await page.getByRole("checkbox", { name: "Select admin", disabled: false }).check({ force: true });
    },
  ],
  [
    "users and sessions, filtered and in order, with a user's details beside them",
    { as: "admin", path: "/users?find=admi&user=admin" },
    async (page) => {
      await page.getByRole("table", { name: "Recent endings" }).getByRole("row").nth(1).waitFor();
      await page.getByRole("button", { name: "Last active" }).click();
    },
  ],
  [
    "the preferences of the table of users",
    { as: "admin", path: "/users" },
    async (page) => {
      await page.getByRole("button", { name: "Preferences" }).click();
      await page.getByRole("dialog").waitFor();
    },
  ],
  [
    "the confirmation of a logout",
    { as: "admin", path: "/users/admin" },
    async (page) => {
      await page.getByRole("table", { name: "Live sessions" }).getByRole("row").nth(1).waitFor();
      await page.getByRole("button", { name: "Actions" }).click();
      await page.getByRole("menuitem", { name: "Log out the user on all sessions" }).click();
      await page.getByRole("dialog").waitFor();
    },
  ],
  [
    "a user's detail",
    { as: "admin", path: "/users/admin" },
    async (page) => {
      await page.getByRole("table", { name: "Recent endings" }).getByRole("row").nth(1).waitFor();
    },
  ],
  [
    "a long list that was logged out",
    { as: "admin" },
    async (page) => {
      const id = await page.evaluate<string>(`fetch("/admin/jobs", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ userIds: ["nobody"], reason: "a look" }),
      }).then((response) => response.json()).then(({ id }) => id)`);
      await page.goto(`${console.url}/#/jobs/${id}`);
      await page.getByText("Finished").waitFor();
    },
  ],
  [
    "the long lists",
    { as: "admin", path: "/jobs" },
    async (page) => {
      await page.getByRole("row").nth(1).waitFor();
    },
  ],
  [
    "the signed-out notice",
    { as: "alice" },
    async (page) => {
      await thisDevice(page).waitFor();
      await new HttpClient(console.stack.url).login("alice");
      await page.getByRole("dialog").waitFor();
    },
  ],
];

describe("looks", () => {
  afterEach(async () => {
    expect(console.violations()).toEqual([]);
    await console.closePages();
  });

  test.each(PAGES)(
    "%s has no serious or critical violation and scrolls sideways nowhere, light and wide, dark and 360 px wide",
    async (_name, options, reach) => {
      const page = await console.open(options);
      await reach(page);
      await expectSound(page);
    },
  );

  test("the theme follows the system, and the switch overrules it for good", async () => {
    const page = await console.open(DARK);
    await page.getByLabel("User name").waitFor();
    const background = () =>
      page.evaluate<string>("getComputedStyle(document.querySelector('main h1')).color");
    const onDark = await background();
    await page.emulateMedia({ colorScheme: "light" });
    await expect.poll(background, PATIENCE).not.toBe(onDark);
    await page.getByRole("button", { name: "Theme" }).click();
    await page.getByRole("menuitemcheckbox", { name: "Dark" }).click();
    await expect.poll(background, PATIENCE).toBe(onDark);
    await page.reload();
    await page.getByLabel("User name").waitFor();
    await expect.poll(background, PATIENCE).toBe(onDark);
  });

  test("the sign-in loads within 191 KB of programs, and of styles, with gzip", async () => {
    const page = await console.open({ isNew: true });
    await page.getByLabel("User name").waitFor();
    const loaded: Response[] = [];
    page.on("response", (response) => loaded.push(response));
    await page.reload();
    await page.getByLabel("User name").waitFor();
    // What the page asks for by the way is on its way.
    await page.waitForLoadState("networkidle");
    for (const type of [".js", ".css"]) {
      const bodies = await Promise.all(
        loaded.filter((response) => new URL(response.url()).pathname.endsWith(type)).map((one) => one.body()),
      );
      const size = bodies.reduce((sum, body) => sum + gzipSync(body, { level: 9 }).length, 0);
      expect(size, type).toBeGreaterThan(100 * KB);
      expect(size, type).toBeLessThanOrEqual(MOST_KB * KB);
    }
  });

  test("the sign-in loads nothing of the administrators' tables", async () => {
    const loaded: string[] = [];
    const page = await console.open({ isNew: true });
    page.on("response", (response) => loaded.push(new URL(response.url()).pathname));
    await page.reload();
    await page.getByLabel("User name").waitFor();
    const before = [...loaded];
    await signIn(page, "admin");
    await page.goto(`${console.url}/#/users`);
    await page.getByRole("row").nth(1).waitFor();
    const scripts = loaded.filter((path) => path.endsWith(".js"));
    expect(scripts.some((path) => path.includes("/users-"))).toBe(true);
    expect(before.some((path) => path.includes("users-"))).toBe(false);
    expect(before.filter((path) => path.endsWith(".js")).length).toBeLessThan(scripts.length);
  });
});
