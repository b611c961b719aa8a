import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { CLIENT_FOLDER } from "./built-client.ts";

const KB = 1024;
const PAGE = readFileSync(join(CLIENT_FOLDER, "../docs/reference/client.md"), "utf8");

/** What a page's bundle grows by, in bytes of gzip. */
async function sizeOf(what: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: `export ${what} from "./index.ts"`, resolveDir: CLIENT_FOLDER, loader: "ts" },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: "es2021",
  });
  return gzipSync(outputFiles[0]?.contents ?? "", { level: 9 }).length;
}

test.each([
  ["watchSession, with push, is within 4 KB", "{ watchSession }", 4 * KB],
  ["everything is within 6 KB", "*", 6 * KB],
])("%s, and the documentation says how much it is", async (_, what, most) => {
  const size = await sizeOf(what);
  expect(size).toBeLessThanOrEqual(most);
  expect(PAGE).toContain(`${(size / KB).toFixed(1)} KB`);
});
