import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sourceMark } from "../../docs/.vitepress/drawings/source-mark.ts";
import { PROJECT_FOLDER } from "../../local/synthesize.ts";

const SOURCES = join(PROJECT_FOLDER, "docs/.vitepress/drawings");
const drawings = readdirSync(SOURCES).filter((name) => name.endsWith(".mmd"));

test.each(drawings)("%s is drawn as it is written (npm run docs:drawings)", (name) => {
  const source = readFileSync(join(SOURCES, name), "utf8");
  const drawing = readFileSync(join(PROJECT_FOLDER, "docs/pictures", name.replace(/mmd$/, "svg")), "utf8");
  expect(drawing.endsWith(sourceMark(source))).toBe(true);
});
