import childProcess from "node:child_process";
import { tmpdir } from "node:os";
import type * as Esbuild from "esbuild";
import { afterEach, expect, test } from "vitest";
import { recordBundles } from "../../local/trace/bundle-record.ts";
import type { KeptBundle, KeptBundles } from "../../local/trace/kept-bundles.ts";

const { spawnSync } = childProcess;
const cwd = process.cwd();
afterEach(() => {
  childProcess.spawnSync = spawnSync;
  process.chdir(cwd);
});

/** Whatever was asked before is found. */
function keepInMemory(): KeptBundles {
  const kept = new Map<string, KeptBundle>();
  return {
    find: (asked) => kept.get(JSON.stringify(asked)),
    keep: (asked, { metafile }) => void kept.set(JSON.stringify(asked), { metafile, outputs: [] }),
  };
}

test.each([
  ["says where it is built is made once", { absWorkingDir: "/installed/package" }, 1],
  ["is built wherever an app runs is made for each", {}, 2],
])("of apps in two folders, a bundle that %s", (_, options, times) => {
  let made = 0;
  const esbuild = {
    buildSync() {
      made++;
      return { metafile: { inputs: {}, outputs: {} }, outputFiles: [], warnings: [] };
    },
  } as unknown as typeof Esbuild;
  const { wrap } = recordBundles(tmpdir(), keepInMemory());
  const wrapped = wrap(esbuild, "/installed/esbuild/lib/main.js") as typeof Esbuild;
  for (const folder of [cwd, tmpdir()]) {
    process.chdir(folder);
    wrapped.buildSync({ ...options, entryPoints: ["/installed/package/a.js"], write: false });
  }
  expect(made).toBe(times);
});
