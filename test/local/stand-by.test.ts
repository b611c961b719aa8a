import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { PROJECT_FOLDER } from "../../local/synthesize.ts";
import { createSynthesizer, type Synthesizer } from "../../local/stand-by.ts";

const FILES = {
  "package.json": '{ "type": "module" }',
  "cdk.json": '{ "app": "node app.js", "context": { "said": "context 1" } }',
  ".env": "SAID=1",
  "app.js": `
import { App, CfnOutput, Stack } from "aws-cdk-lib";
import { VALUE } from "library";
import { SOURCE } from "./source.js";

const stack = new Stack(new App(), "Mine");
const said = [SOURCE, VALUE, stack.node.tryGetContext("said")].join(", ");
new CfnOutput(stack, "Said", { value: said });
new CfnOutput(stack, "Pid", { value: String(process.pid) });
`,
  "source.js": 'export const SOURCE = "source 1";',
  "node_modules/library/package.json": JSON.stringify({
    name: "library",
    main: "index.js",
    peerDependencies: { constructs: "^10.0.0" },
  }),
  "node_modules/library/index.js": 'exports.VALUE = "library 1";',
} as const;

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

let folder: string;
let synthesizer: Synthesizer;
const waiting: number[] = [];
const { signal } = new AbortController();

beforeAll(async () => {
  folder = join(await realpath(await mkdtemp(join(tmpdir(), "stand-by-"))), "app");
  for (const name of ["aws-cdk-lib", "constructs"]) {
    await mkdir(join(folder, "node_modules"), { recursive: true });
    await symlink(join(PROJECT_FOLDER, "node_modules", name), join(folder, "node_modules", name));
  }
});
afterAll(() => rm(dirname(folder), { recursive: true, force: true }));

const write = async (name: string, text: string): Promise<void> => {
  await mkdir(dirname(join(folder, name)), { recursive: true });
  await writeFile(join(folder, name), text);
};

/** What the stack says, and the process that made it. */
async function outputsOf(assembly: string): Promise<{ said: string; pid: number }> {
  const text = await readFile(join(assembly, "Mine.template.json"), "utf8");
  const { Outputs: outputs } = JSON.parse(text) as {
    Outputs: Record<"Said" | "Pid", { Value: string }>;
  };
  return { said: outputs.Said.Value, pid: Number(outputs.Pid.Value) };
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
const untilEnded = (pid: number) =>
  vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 60_000, interval: 20 });

/** After a first synth; the process has loaded the CDK and waits. */
async function standBy(): Promise<number> {
  const count = waiting.length;
  await synthesizer.standBy(await synthesizer.synthesize(signal));
  await vi.waitFor(() => expect(waiting).toHaveLength(count + 1), { timeout: 60_000, interval: 20 });
  return waiting.at(-1) ?? 0;
}

beforeEach(async () => {
  for (const [name, text] of Object.entries(FILES)) await write(name, text);
  synthesizer = createSynthesizer({ folder }, (pid) => waiting.push(pid));
  return () => synthesizer.stop();
});

test("the process that stands by runs the sources as they are then", async () => {
  const pid = await standBy();
  await write("source.js", 'export const SOURCE = "source 2";');
  expect(await outputsOf(await synthesizer.synthesize(signal))).toEqual({
    said: "source 2, library 1, context 1",
    pid,
  });
});

test.each([
  ["a package", "node_modules/library/index.js", 'exports.VALUE = "changed";', /^source 1, changed, /],
  ["a context value", "cdk.json", FILES["cdk.json"].replace("context 1", "changed"), /, changed$/],
  ["package.json", "package.json", '{ "type": "module", "name": "other" }', /^source 1, library 1/],
  ["a file of settings", ".env", "SAID=2", /^source 1, library 1/],
])("when %s changed, another process synthesizes", async (_, name, text, said) => {
  const pid = await standBy();
  await write(name, text);
  const outputs = await outputsOf(await synthesizer.synthesize(signal));
  expect(outputs.said).toMatch(said);
  expect(outputs.pid).not.toBe(pid);
  await untilEnded(pid);
});

test("when a package was put in the place of another, another process synthesizes", async () => {
  const pid = await standBy();
  await rm(join(folder, "node_modules/library"), { recursive: true });
  await write("node_modules/library/package.json", FILES["node_modules/library/package.json"]);
  await write("node_modules/library/index.js", 'exports.VALUE = "library 2";');
  const outputs = await outputsOf(await synthesizer.synthesize(signal));
  expect(outputs.said).toContain("library 2");
  expect(outputs.pid).not.toBe(pid);
});

test("an app that throws is refused with its message, and the next one that stands by runs it mended", async () => {
  await standBy();
  await write("source.js", 'export const SOURCE = ""; throw new Error("not today");');
  await expect(synthesizer.synthesize(signal)).rejects.toThrow(/^not today\n {2}at .*source\.js:1:/);
  await write("source.js", FILES["source.js"]);
  const pid = await standBy();
  expect(await outputsOf(await synthesizer.synthesize(signal))).toMatchObject({ pid });
});

test("it ends when it is stopped, and leaves no folder behind", async () => {
  const synths = () => readdirSync(join(folder, "node_modules/.cache/serverless-single-session"));
  const before = synths().length;
  const pid = await standBy();
  expect([isAlive(pid), synths().length]).toEqual([true, before + 2]);
  await synthesizer.stop();
  await untilEnded(pid);
  // What it was started after is the caller's.
  expect(synths()).toHaveLength(before + 1);
});

test("it ends with the program that started it, however that ends", async () => {
  const script = join(import.meta.dirname, "stand-by-runner.ts");
  const runner = spawn(process.execPath, [script, folder], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(runner.stdout, "data")) as [Buffer];
  const pid = Number(/^waiting (\d+)/.exec(line.toString())?.[1]);
  expect(isAlive(pid)).toBe(true);
  runner.kill("SIGKILL");
  await untilEnded(pid);
});

test("where the app is no program of Node.js, nothing stands by", async () => {
  await write("cdk.json", JSON.stringify({ app: 'mkdir -p "$CDK_OUTDIR" && echo {} > "$CDK_OUTDIR/x"' }));
  const count = waiting.length;
  const assembly = await synthesizer.synthesize(signal);
  await synthesizer.standBy(assembly);
  expect(existsSync(join(await synthesizer.synthesize(signal), "x"))).toBe(true);
  expect(waiting).toHaveLength(count);
});
