import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { PROJECT_FOLDER } from "../../local/synthesize.ts";

const WATCH = JSON.stringify(join(PROJECT_FOLDER, "local/dev/watch.ts"));
/** Says each change, as `dev` does: what it says must not be one. */
const PROGRAM = `
import { watchFolder } from ${WATCH};
watchFolder(process.cwd(), {
  ignored: [],
  onChange: (files) => console.log("changed: " + files.join()),
  signal: new AbortController().signal,
});
setTimeout(() => {}, 60_000);
console.log("watching");
console.error("watching");
`;

let folder: string;
let child: ChildProcess | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "watch-"));
  await writeFile(join(folder, "app.ts"), "1");
});
afterEach(async () => {
  if (child?.exitCode === null) {
    const ended = once(child, "exit");
    child.kill();
    await ended;
  }
  await rm(folder, { recursive: true, force: true });
});

const file = (name: string): string => join(folder, name);
const said = (name: string): Promise<string> => readFile(file(name), "utf8");

test("what the process itself writes, and a log, is no change", async () => {
  const [out, err] = [openSync(file("out.txt"), "a"), openSync(file("err.txt"), "a")];
  child = spawn(process.execPath, ["--input-type=module-typescript", "--eval", PROGRAM], {
    cwd: folder,
    stdio: ["ignore", out, err],
  });
  [out, err].forEach((descriptor) => closeSync(descriptor));
  const until = (text: string) =>
    vi.waitFor(async () => expect(await said("out.txt")).toContain(text), 30_000);
  await until("watching");
  await writeFile(file("dev.log"), "a line that tee wrote");
  await writeFile(file("app.ts"), "2");
  await until("changed: ");
  await writeFile(file("app.ts"), "3");
  await until("app.ts\nchanged: app.ts");
  expect(await said("out.txt")).toBe("watching\nchanged: app.ts\nchanged: app.ts\n");
}, 60_000);
