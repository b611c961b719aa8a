import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";
import { builtConsole } from "../../infra/console/console-build.ts";

const run = promisify(execFile);
const folder = await mkdtemp(join(tmpdir(), "console-builds-"));
afterAll(() => rm(folder, { recursive: true }));

test("two synths that build at once get one whole page, and a third has nothing to build", async () => {
  const script = `import { builtConsole } from "./infra/console/console-build.ts"; console.log(builtConsole(${JSON.stringify(folder)}));`;
  const builds = await Promise.all(
    [1, 2].map(() => run(process.execPath, ["--input-type=module", "--eval", script])),
  );
  const [one = "", other] = builds.map(({ stdout }) => stdout.trim());
  expect(other).toBe(one);
  expect(await readdir(folder)).toEqual([one.slice(folder.length + 1)]);
  const html = await readFile(join(one, "index.html"), "utf8");
  const assets = await readdir(join(one, "assets"));
  const named = [...html.matchAll(/\/assets\/([^"]+)/g)].map(([, name]) => name);
  expect(named.length).toBeGreaterThan(0);
  expect(assets).toEqual(expect.arrayContaining(named));
  // In the environment of a test, where the page itself would be React's development build.
  expect(builtConsole(folder)).toBe(one);
});
