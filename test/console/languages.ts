import { afterEach, describe, expect, test } from "vitest";
import { signIn } from "../support/console-page.ts";
import { DEMO_PASSWORD } from "../../cli/demo-users.ts";
import { FIREFOX_ON_MACOS } from "../support/http-client.ts";
import { console } from "./shared-console.ts";

const PATIENCE = { timeout: 15_000 };

const TITLES = [
  ["/users", "Users and sessions · Sessions"],
  ["/users/corp%253Amaria", "corp:maria · Sessions"],
  ["/nowhere", "No such page · Sessions"],
  ["/", "My devices · Sessions"],
] as const;

describe("languages", () => {
  afterEach(async () => {
    expect(console.violations()).toEqual([]);
    await console.closePages();
  });

  test("in Dutch, by the browser's language or the switch, all is Dutch and the page says so", async () => {
    const page = await console.open({ locale: "nl-BE" });
    await page.getByLabel("Gebruikersnaam").waitFor();
    const language = () => page.evaluate<string>("document.documentElement.lang");
    expect(await language()).toBe("nl");
    await page.getByRole("button", { name: "Taal" }).click();
    await page.getByRole("menuitemcheckbox", { name: "English" }).click();
    await page.getByLabel("User name").waitFor();
    expect(await language()).toBe("en");
  });

  test("labels that the API composes are in the language of the page, and those that people wrote are as they wrote them", async () => {
    const userId = "corp:labels";
    for (const device of [{ label: "Tablet on the desk" }, { userAgent: FIREFOX_ON_MACOS }, {}]) {
      await console.stack.invoke("login", { user: { id: userId }, device });
    }
    const page = await console.open({ locale: "nl-NL" });
    await page.getByLabel("Gebruikersnaam").fill("staff");
    await page.getByLabel("Wachtwoord").fill(DEMO_PASSWORD);
    await page.getByRole("button", { name: "Aanmelden" }).click();
    await page.getByText(" op Linux").first().waitFor();
    await page.goto(`${console.url}/#/users/${encodeURIComponent(encodeURIComponent(userId))}`);
    const endings = page.getByRole("table", { name: "Recent beëindigd" });
    await endings.getByText("Aangemeld op Firefox op macOS").waitFor();
    await endings.getByText("Tablet on the desk").waitFor();
    await page.getByText("Onbekend apparaat").first().waitFor();
    await console.stack.invoke("admin-logout", { userIds: [userId] });
  });

  test("with a browser language that is no language tag, times are in words all the same", async () => {
    const page = await console.open({ locale: null, as: "alice" });
    expect(await page.evaluate("navigator.language")).toBe("en-US@posix");
    await page.getByText("now", { exact: true }).first().waitFor();
  });

  test("each page names itself in the browser's title, in the language that is read", async () => {
    const page = await console.open({ locale: "nl-NL" });
    await expect.poll(() => page.title(), PATIENCE).toBe("Aanmelden · Sessies");
    await page.getByRole("button", { name: "Taal" }).click();
    await page.getByRole("menuitemcheckbox", { name: "English" }).click();
    await expect.poll(() => page.title(), PATIENCE).toBe("Sign in · Sessions");
    await signIn(page, "admin");
    for (const [path, title] of TITLES) {
      await page.goto(`${console.url}/#${path}`);
      await expect.poll(() => page.title(), PATIENCE).toBe(title);
    }
    await page.goto(`${console.url}/users/alice`);
    await expect.poll(() => page.title(), PATIENCE).toBe("No such page · Sessions");
    await page.getByRole("link", { name: "Go to my devices" }).click();
    await expect.poll(() => page.title(), PATIENCE).toBe("My devices · Sessions");
  });
});
