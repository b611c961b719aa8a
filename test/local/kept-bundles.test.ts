import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { createKeptBundles, type KeptBundles } from "../../local/trace/kept-bundles.ts";

let folder: string;
let kept: KeptBundles;
let source: string;
let dependency: string;

const write = async (path: string, text: string): Promise<string> => {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  return path;
};

const keep = (began: number): void =>
  kept.keep(["asked"], {
    metafile: { inputs: {}, outputs: {} },
    outputs: [{ path: "/made/index.js", hash: "hash", contents: Buffer.from("made") }],
    inputs: [source, dependency],
    began,
  });
/** As if the sources had been there for long. */
const LATER_MS = 1000;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "kept-bundles-"));
  kept = createKeptBundles(join(folder, "kept"));
  source = await write(join(folder, "app/functions/source.ts"), "1");
  dependency = await write(join(folder, "app/node_modules/other/index.js"), "1");
  return () => rm(folder, { recursive: true, force: true });
});

test("what was made of the same sources is found, by what was asked", () => {
  keep(Date.now() + LATER_MS);
  const found = kept.find(["asked"]);
  expect(found?.outputs.map(({ path, hash, contents }) => [path, hash, String(contents())])).toEqual([
    ["/made/index.js", "hash", "made"],
  ]);
  expect(kept.find(["asked for something else"])).toBeUndefined();
});

test("what changed while it was made is not kept", () => {
  keep(Date.now());
  expect(kept.find(["asked"])).toBeUndefined();
});

test.each<readonly [string, () => Promise<unknown>]>([
  ["a source changed", () => write(source, "2")],
  ["a source went", () => rm(source)],
  ["a file of a package changed", () => write(dependency, "2")],
  ["another file may be found in its place", () => write(join(folder, "app/functions/source.js"), "2")],
  ["a package came", () => mkdir(join(folder, "app/node_modules/third"))],
  ["packages came nearer", () => mkdir(join(folder, "app/functions/node_modules"))],
  ["the compiler is told otherwise", () => write(join(folder, "app/tsconfig.json"), "{}")],
])("after %s, it is made anew", async (_, change) => {
  keep(Date.now() + LATER_MS);
  expect(kept.find(["asked"])).toBeDefined();
  await change();
  expect(kept.find(["asked"])).toBeUndefined();
});

test("an editor's file beside the sources, or the app's own file, changes nothing", async () => {
  keep(Date.now() + LATER_MS);
  await write(join(folder, "app/app.ts.tmp"), "2");
  await rename(join(folder, "app/app.ts.tmp"), join(folder, "app/app.ts"));
  await write(join(folder, "app/functions/.source.ts.swp"), "2");
  expect(kept.find(["asked"])).toBeDefined();
});

test("of more bundles than are kept, those go that were not used for the longest time", () => {
  for (let count = 0; count < 201; count += 1) {
    kept.keep([count], {
      metafile: { inputs: {}, outputs: {} },
      ...{ outputs: [], inputs: [], began: Date.now() },
    });
  }
  const left = Array.from({ length: 201 }, (__, count) => kept.find([count])).filter(Boolean);
  expect(left).toHaveLength(200);
  expect(kept.find([200])).toBeDefined();
});
