/**
 * `npm run try:package`: the way of somebody who has the tarball and the README. It packs, makes an app
 * outside of this repository for each module system, installs the tarball there by npm, and synthesizes,
 * tests and runs the README's sample as it is pasted; then it installs and runs each example. It says how
 * long each step took, up to the first session that a second device displaces, and with `--reloads` how long
 * a changed stack takes.
 */
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Command } from "commander";
import { quantile } from "d3-array";
import { wholeNumber } from "../../bench/support/options.ts";
import packageFile from "../../package.json" with { type: "json" };
import { PROJECT_FOLDER } from "../../local/synthesize.ts";
import { displaceByIdTokens, EXAMPLES, type RunningApp } from "../examples/first-displaced.ts";
import { startDev } from "../support/dev-process.ts";
import { appFiles, MODULE_SYSTEMS, PROGRAMS, PROGRAMS_OF_EXAMPLES, samplesOf } from "./app-files.ts";
import { measureReloads } from "./reloads.ts";

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Without what `npm run` says of this project to the programs below it. */
const ENVIRONMENT = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^npm_(package|lifecycle|config_local_prefix)/.test(name),
    ),
  ),
  CDK_DISABLE_CLI_TELEMETRY: "true",
  CI: "true",
};

const program = new Command("npm run try:package --")
  .description(
    "Installs the packed package outside of this repository, and runs the README's sample and the examples.",
  )
  .argument("[page]", "the page whose sample is pasted", join(PROJECT_FOLDER, "README.md"))
  .option("--no-examples", "the page's sample only")
  .option("--no-sample", "the examples only")
  .option(
    "--reloads <n>",
    "also change each app's stack so many times, and say how long it took",
    wholeNumber(0, 1000),
    0,
  );

interface Options {
  readonly examples: boolean;
  readonly sample: boolean;
  readonly reloads: number;
}

const QUIET = ["--no-audit", "--no-fund", "--loglevel", "error"];

async function main(): Promise<void> {
  program.parse();
  const [page] = program.processedArgs as [string];
  const { examples, sample, reloads } = program.opts<Options>();
  const folder = mkdtempSync(join(tmpdir(), "try-package-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(130));
  say(`In ${folder}, with Node.js ${process.version}`);

  await step("npm pack", "npm", ["pack", "--pack-destination", folder], PROJECT_FOLDER);
  const tarball = join(folder, `${packageFile.name}-${packageFile.version}.tgz`);
  if (sample) await trySample(page, { folder, tarball, reloads });
  if (examples) await tryExamples({ folder, tarball, reloads });
  say("\nThe package works.");
}

interface Place {
  readonly folder: string;
  readonly tarball: string;
  readonly reloads: number;
}

async function trySample(page: string, { folder, tarball, reloads }: Place): Promise<void> {
  const samples = samplesOf(readFileSync(page, "utf8"));
  for (const system of MODULE_SYSTEMS) {
    const began = performance.now();
    say(`\n${system}`);
    const app = join(folder, system.replace(" ", "-"));
    for (const [name, text] of Object.entries(appFiles(system, samples))) {
      mkdirSync(dirname(join(app, name)), { recursive: true });
      writeFileSync(join(app, name), text);
    }
    await step("npm install, the tarball among it", "npm", ["install", ...QUIET, tarball, ...PROGRAMS], app);
    await step("type-check", "npx", ["--no", "tsc"], app);
    await step("cdk synth", "npx", ["--no", "--", "cdk", "synth", "--quiet", "--no-notices"], app);
    await step("jest", "npm", ["test", "--silent"], app);
    await step("the operators' commands", "npx", ["--no", "--", packageFile.name, "users", "--help"], app);
    await runUntilDisplaced(app, displaceByIdTokens, reloads);
    say(`  ${inSeconds(began)}  all of it`);
  }
}

async function tryExamples({ folder, tarball, reloads }: Place): Promise<void> {
  for (const [name, displaceFirst] of Object.entries(EXAMPLES)) {
    const began = performance.now();
    say(`\nexamples/${name}`);
    const app = join(folder, name);
    cpSync(join(PROJECT_FOLDER, "examples", name), app, {
      recursive: true,
      filter: (path) => !/\/(node_modules|dist|cdk\.out)$/.test(path),
    });
    const packages = [tarball, ...PROGRAMS_OF_EXAMPLES];
    await step("npm install, the tarball among it", "npm", ["install", ...QUIET, ...packages], app);
    const { scripts } = JSON.parse(readFileSync(join(app, "package.json"), "utf8")) as {
      readonly scripts: Readonly<Record<string, string>>;
    };
    if ("build" in scripts) await step("npm run build", "npm", ["run", "build"], app);
    await runUntilDisplaced(app, displaceFirst, reloads);
    say(`  ${inSeconds(began)}  all of it`);
  }
}

/** Runs the app on this machine: the first device's session ends with the second's login. */
async function runUntilDisplaced(
  app: string,
  displaceFirst: (running: RunningApp) => Promise<void>,
  reloads: number,
): Promise<void> {
  const began = performance.now();
  const dev = await startDev(["npx", "--no", "--", packageFile.name, "dev"], app, ENVIRONMENT);
  try {
    say(`  ${inSeconds(began)}  ${packageFile.name} dev, until it is ready`);
    const ready = performance.now();
    await displaceFirst(dev);
    say(`  ${inSeconds(ready)}  from there until the first session is displaced`);
    if (reloads > 0) sayReloads(await measureReloads(app, dev.url, reloads));
  } finally {
    await dev.stop();
  }
}

function sayReloads(times: readonly number[]): void {
  const [half, most] = [quantile(times, 0.5) ?? NaN, Math.max(...times)];
  const of = `${times.length} changes of the stack`;
  say(`  ${(half / 1000).toFixed(1).padStart(5)} s  half of ${of}, each until it runs`);
  say(`  ${(most / 1000).toFixed(1).padStart(5)} s  the slowest of them`);
}

/** Runs a program, and prints how long it took. @throws Error with all that it wrote, where it fails. */
async function step(what: string, program: string, args: readonly string[], cwd: string): Promise<void> {
  const began = performance.now();
  const child = spawn(program, args, { cwd, env: ENVIRONMENT, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  say(`  ${inSeconds(began)}  ${what}${code === 0 ? "" : ": FAILED"}`);
  if (code !== 0)
    throw new Error(`${[program, ...args].join(" ")} ended with ${code ?? "a signal"}:\n${output}`);
}

const inSeconds = (began: number): string =>
  `${((performance.now() - began) / 1000).toFixed(1).padStart(5)} s`;

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
