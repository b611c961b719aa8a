import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { readPages } from "./pages.ts";
import { commandBlocks, runPage } from "./run-page.ts";

const HAS_CURL = spawnSync("curl", ["--version"]).status === 0;
const pages = (await readPages()).filter((page) => commandBlocks(page).length > 0);

test.skipIf(!HAS_CURL).each(pages)(
  "the commands of $path do what the page shows",
  { timeout: 180_000 },
  async (page) => {
    expect(await runPage(page)).toEqual([]);
  },
);
