import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterEach, describe, expect, test } from "vitest";
import { DEMO_PASSWORD } from "../../cli/demo-users.ts";
import { signIn, thisDevice } from "../support/console-page.ts";
import { CHROME_ON_WINDOWS } from "../support/http-client.ts";
import { displacementSvg, LAPTOP, PHONE, type Place } from "./displacement-svg.ts";
import { FOLDER, NO_CLIENT_HINTS, SAFARI_ON_IPHONE } from "./pictures.ts";
import { console } from "./shared-console.ts";

const LARGEST_BYTES = 400_000;
/** What a phone has; the picture shows it smaller. */
const PHONE_WIDTH = 390;
const SHARPNESS = 1.5;
const JPEG_QUALITY = 70;

describe.runIf(FOLDER !== "")("pictures that move", () => {
  afterEach(() => console.closePages());

  test("of a phone that signs in, and the laptop that is told", async () => {
    const laptop = await console.open({
      viewport: sizeOf(LAPTOP),
      deviceScaleFactor: SHARPNESS,
      userAgent: CHROME_ON_WINDOWS,
      extraHTTPHeaders: NO_CLIENT_HINTS,
    });
    await signIn(laptop, "alice");
    const phone = await console.open({
      viewport: sizeOf(PHONE, PHONE_WIDTH),
      deviceScaleFactor: (SHARPNESS * PHONE.width) / PHONE_WIDTH,
      isMobile: true,
      hasTouch: true,
      userAgent: SAFARI_ON_IPHONE,
      extraHTTPHeaders: NO_CLIENT_HINTS,
    });
    await phone.getByLabel("User name").fill("alice");
    await phone.getByLabel("Password").fill(DEMO_PASSWORD);
    const [laptopBefore, phoneBefore] = [await photograph(laptop), await photograph(phone)];

    await phone.getByRole("button", { name: "Sign in", exact: true }).click();
    await thisDevice(phone).waitFor();
    await laptop.getByRole("dialog").getByText("You signed in on Safari on iOS").waitFor();
    const svg = displacementSvg({
      laptop: { before: laptopBefore, after: await photograph(laptop) },
      phone: { before: phoneBefore, after: await photograph(phone) },
    });

    const path = join(FOLDER, "displaced.svg");
    await writeFile(path, svg);
    expect((await stat(path)).size).toBeLessThan(LARGEST_BYTES);
  });
});

/** The screen of a device whose width is given, or that of its place, in the proportions of its place. */
const sizeOf = ({ width, height }: Place, screenWidth = width): { width: number; height: number } => ({
  width: screenWidth,
  height: Math.round((height * screenWidth) / width),
});

async function photograph(page: Page): Promise<string> {
  const jpeg = await page.screenshot({
    type: "jpeg",
    quality: JPEG_QUALITY,
    animations: "disabled",
    caret: "hide",
  });
  return jpeg.toString("base64");
}
