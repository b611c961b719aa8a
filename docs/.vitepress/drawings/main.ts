/** `npm run docs:drawings`: renders the drawings of this folder to `docs/pictures/`, in Chromium. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import chromium from "@sparticuz/chromium";
import type { Mermaid } from "mermaid";
import { chromium as playwright } from "playwright-core";
import { sourceMark } from "./source-mark.ts";

const PICTURES = join(import.meta.dirname, "../../pictures");
const MERMAID = createRequire(import.meta.url).resolve("mermaid/dist/mermaid.min.js");

const browser = await playwright.launch({
  executablePath: process.env["CHROME_PATH"] ?? (await chromium.executablePath()),
  args: ["--no-sandbox"],
});
const page = await browser.newPage();
await page.setContent("<!doctype html><body></body>");
await page.addScriptTag({ path: MERMAID });
for (const file of readdirSync(import.meta.dirname).filter((name) => name.endsWith(".mmd"))) {
  const source = readFileSync(join(import.meta.dirname, file), "utf8");
  const svg = await page.evaluate(async (text) => {
    const { mermaid } = globalThis as unknown as { mermaid: Mermaid };
    // Labels of HTML are not drawn where an SVG is shown as a picture.
    mermaid.initialize({
      startOnLoad: false,
      look: "classic",
      theme: "neutral",
      htmlLabels: false,
      flowchart: { htmlLabels: false },
      fontFamily: "Helvetica, Arial, sans-serif",
    });
    return (await mermaid.render("drawing", text)).svg;
  }, source);
  writeFileSync(join(PICTURES, file.replace(/mmd$/, "svg")), onLightGround(svg) + sourceMark(source));
}
await browser.close();

/**
 * A ground of its own, so that a drawing reads the same on light and dark pages; a size, so that it is one as
 * a picture.
 */
function onLightGround(svg: string): string {
  const [, x = "0", y = "0", width = "0", height = "0"] = /viewBox="(\S+) (\S+) (\S+) (\S+)"/.exec(svg) ?? [];
  const ground = `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="8" fill="#ffffff"/>`;
  return svg
    .replace(/<svg ([^>]*)width="100%"([^>]*)>/, `<svg $1width="${width}" height="${height}"$2>`)
    .replace(/(<svg [^>]*>)/, `$1${ground}`);
}
