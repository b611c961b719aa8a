import { afterEach, describe, expect, test } from "vitest";
import { signIn } from "../support/console-page.ts";
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

  test("with a browser language that is no language tag, times are in words all the same", async () => {
    const page = await console.open({ locale: null });
    expect(await page.evaluate("navigator.language")).toBe("en-US@posix");
    await signIn(page, "alice");
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
  });
});
