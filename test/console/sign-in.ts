import type { Page } from "playwright-core";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { addUser, fillSignIn, signIn, thisDevice } from "../support/console-page.ts";
import { CHROME_ON_WINDOWS, FIREFOX_ON_MACOS, HttpClient } from "../support/http-client.ts";
import { console } from "./shared-console.ts";

const client = (userAgent?: string): HttpClient => new HttpClient(console.stack.url, userAgent);

describe("signing in", () => {
  beforeAll(() => addUser(console.stack, "carol"));
  afterEach(async () => {
    expect(console.violations()).toEqual([]);
    await console.closePages();
    await console.stack.invoke("admin-logout", { userIds: ["alice", "bob", "carol"] });
  });

  describe("the form", () => {
    test("says beside each field what is missing or wrong, and signs in with what is right", async () => {
      const page = await console.open();
      await page.getByRole("button", { name: "Sign in", exact: true }).click();
      await expectDescribed(page, "User name", "Enter your user name.");
      await expectDescribed(page, "Password", "Enter your password.");
      await fillSignIn(page, "alice", "not-the-password");
      await expectDescribed(page, "Password", "The user name or the password is wrong.");
      await signIn(page, "alice");
      expect(await page.getByRole("heading", { name: "My devices" }).isVisible()).toBe(true);
    });

    test("after too many failures counts down to the next attempt, and takes none before", async () => {
      for (let count = 0; count < 11; count++) await client().login("mallory", { password: "guess" });
      const page = await console.open();
      await fillSignIn(page, "mallory", "guess");
      const timer = page.getByRole("timer");
      const first = await timer.textContent();
      expect(first).toMatch(/^You can try again in 0:[0-3]\d\.$/);
      expect(await page.getByRole("button", { name: "Sign in", exact: true }).isDisabled()).toBe(true);
      await expect.poll(() => timer.textContent(), { timeout: 15_000 }).not.toBe(first);
    });

    test("leads to the OpenID provider by the button of its source, and back to the page", async () => {
      const page = await console.open();
      const link = page.getByRole("link", { name: "Sign in with Corp" });
      expect(await link.getAttribute("href")).toBe("/login/oidc?source=corp&returnTo=%2F");
    });

    test("calls a source by its label, and one without by its name in words", async () => {
      const page = await console.open();
      const sources = [{ name: "corp", label: "Example & Sons" }, { name: "my-company" }];
      const oidc = sources.map((source) => ({ ...source, startPath: `/login/oidc?source=${source.name}` }));
      await page.route("**/config.json", (route) =>
        route.fulfill({ json: { identity: { passwords: false, oidc } } }),
      );
      await page.reload();
      await page.getByRole("link", { name: "Sign in with Example & Sons", exact: true }).waitFor();
      await page.getByRole("link", { name: "Sign in with My Company", exact: true }).waitFor();
    });

    test("with the keyboard alone signs in, and logs out again", async () => {
      const page = await console.open();
      await page.getByLabel("User name").waitFor();
      await page.keyboard.type("alice");
      await page.keyboard.press("Tab");
      await page.keyboard.type("local-demo-only");
      await page.keyboard.press("Enter");
      await thisDevice(page).waitFor();
      await tabTo(page, "Signed in as alice");
      await page.keyboard.press("Enter");
      await page.getByRole("menuitem", { name: "Log out" }).waitFor();
      await page.keyboard.press("ArrowDown"); // the page of the account comes first
      await page.keyboard.press("Enter");
      await page.getByLabel("User name").waitFor();
      expect((await page.context().cookies()).map(({ name }) => name)).not.toContain("__Host-session");
    });

    test("without a connection says so, and what was typed is still there", async () => {
      const page = await console.open();
      await page.getByLabel("User name").waitFor();
      await page.context().setOffline(true);
      await page.getByText("You are offline").waitFor();
      await fillSignIn(page, "alice");
      await page.getByText("The server did not answer.").waitFor();
      expect(await page.getByLabel("User name").inputValue()).toBe("alice");
      expect(console.violations().join()).toContain("ERR_INTERNET_DISCONNECTED");
      await page.context().setOffline(false);
      await page.getByText("You are offline").waitFor({ state: "detached" });
      await signIn(page, "alice");
    });
  });

  describe("at a limit of two", () => {
    test("with ask, the third device picks which to end, and only that one ends", async () => {
      const [laptop, tablet] = [client(CHROME_ON_WINDOWS), client(FIREFOX_ON_MACOS)];
      await laptop.login("bob");
      await tablet.login("bob");
      const page = await console.open();
      await fillSignIn(page, "bob");
      await page.getByRole("heading", { name: "Choose which devices to sign out" }).waitFor();
      await page.getByRole("button", { name: /Sign out the chosen devices/ }).click();
      await page.getByText("Choose at least one device.").waitFor();
      await page.getByRole("checkbox", { name: "Firefox on macOS" }).check({ force: true });
      await page.getByRole("button", { name: "Sign out the chosen device and sign in" }).click();
      await thisDevice(page).waitFor();
      expect([(await laptop.session()).status, (await tablet.session()).status]).toEqual([200, 401]);
    });

    test("with ask, taking over ends the one unused for longest; cancelling ends none", async () => {
      const [laptop, tablet] = [client(CHROME_ON_WINDOWS), client(FIREFOX_ON_MACOS)];
      await laptop.login("bob");
      await tablet.login("bob");
      const page = await console.open();
      await fillSignIn(page, "bob");
      await page.getByRole("button", { name: "Cancel" }).click();
      await page.getByLabel("User name").waitFor();
      expect([(await laptop.session()).status, (await tablet.session()).status]).toEqual([200, 200]);
      await fillSignIn(page, "bob");
      await page.getByRole("button", { name: /unused for longest/ }).click();
      await thisDevice(page).waitFor();
      expect([(await laptop.session()).status, (await tablet.session()).status]).toEqual([401, 200]);
    });

    test("with deny there is nothing to pick: the page says what makes room", async () => {
      await client().login("carol");
      await client().login("carol");
      const page = await console.open();
      await fillSignIn(page, "carol");
      await page.getByText("You are signed in on as many devices as you may be").waitFor();
      expect(await page.getByRole("checkbox").count()).toBe(0);
    });
  });
});

/** The text that goes with a field, as a screen reader finds it. */
async function expectDescribed(page: Page, label: string, text: string): Promise<void> {
  const field = page.getByLabel(label);
  await page.getByText(text).waitFor();
  expect(await field.getAttribute("aria-invalid")).toBe("true");
  const ids = ((await field.getAttribute("aria-describedby")) ?? "").split(" ");
  const described = await Promise.all(ids.map((id) => page.locator(`[id="${id}"]`).textContent()));
  expect(described.join()).toContain(text);
}

const MOST_TABS = 40;

async function tabTo(page: Page, name: string): Promise<void> {
  for (let count = 0; count < MOST_TABS; count++) {
    await page.keyboard.press("Tab");
    const focused = page.locator(":focus");
    if ((await focused.count()) > 0 && (await focused.getAttribute("aria-label")) === name) return;
  }
  throw new Error(`${MOST_TABS} tabs do not reach ${name}`);
}
