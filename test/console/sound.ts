import { createRequire } from "node:module";
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { expect } from "vitest";

const require = createRequire(import.meta.url);
/** The program of axe, that is, the one that its builder would put into the page, and its rules. */
const { source: AXE, _audit: audit } = createRequire(require.resolve("@axe-core/playwright"))("axe-core") as {
  readonly source: string;
  readonly _audit: { readonly rules: readonly { readonly id: string; readonly impact: string }[] };
};
const GRAVE = ["serious", "critical"];
/** What a rule finds is as grave as the rule says: those that find nothing grave need not look. */
const MILD_RULES = Object.fromEntries(
  audit.rules.filter(({ impact }) => !GRAVE.includes(impact)).map(({ id }) => [id, { enabled: false }]),
);
const NOTHING = "0";
const NARROW = { width: 360, height: 740 } as const;

/**
 * Expects no serious or critical violation and nothing that scrolls sideways: light and as wide as the page
 * is, then dark and 360 px wide. So it stays.
 */
export async function expectSound(page: Page): Promise<void> {
  expect([await grave(page), await sideways(page)]).toEqual([[], []]);
  await page.emulateMedia({ colorScheme: "dark" });
  await page.setViewportSize(NARROW);
  expect([await grave(page), await sideways(page)]).toEqual([[], []]);
}

/** What axe finds that keeps people from using the page. */
async function grave(page: Page): Promise<string[]> {
  await settle(page);
  // By default axe opens another page for what it found in all frames, and describes all that is right too:
  // that takes several times as long.
  expect(page.frames()).toHaveLength(1);
  // The builder puts its program into the page twice each time, and half a megabyte is compiled as often.
  if (await page.evaluate("typeof axe === 'undefined'")) await page.evaluate(AXE);
  const { violations } = await new AxeBuilder({ page, axeSource: NOTHING })
    .setLegacyMode(true)
    .options({ resultTypes: ["violations"], rules: MILD_RULES })
    .analyze();
  return violations
    .filter(({ impact }) => GRAVE.includes(impact ?? ""))
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
}

/** Colours are measured when nothing fades any more. */
async function settle(page: Page): Promise<void> {
  await page.evaluate(
    "Promise.allSettled(document.getAnimations().filter((each) => each.effect.getTiming().iterations !== Infinity).map((each) => each.finished))",
  );
}

/** What is wider than its place: the page, or a part of it with a scroll bar of its own. */
function sideways(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`[...document.querySelectorAll("*")]
    .filter((each) => each === document.documentElement || ["auto", "scroll"].includes(getComputedStyle(each).overflowX))
    .filter((each) => each.scrollWidth > each.clientWidth + 1)
    .map((each) => each.tagName + "." + each.className)`);
}
