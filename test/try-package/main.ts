/**
 * `npm run try:package`: the way of somebody who has the tarball and the README. It packs, makes an app
 * outside of this repository for each module system, installs the tarball there by npm, and synthesizes,
 * tests and runs the README's sample as it is pasted. Another page than README.md may be named.
 */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import packageFile from "../../package.json" with { type: "json" };
import { PROJECT_FOLDER } from "../../local/synthesize.ts";
import { logInByBackend, startDev } from "../support/dev-process.ts";
import { appFiles, MODULE_SYSTEMS, PROGRAMS, samplesOf } from "./app-files.ts";

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

async function main(): Promise<void> {
  const page = process.argv[2] ?? join(PROJECT_FOLDER, "README.md");
  const samples = samplesOf(readFileSync(page, "utf8"));
  const folder = mkdtempSync(join(tmpdir(), "try-package-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(130));
  say(`In ${folder}, with Node.js ${process.version}`);

  await step("npm pack", "npm", ["pack", "--pack-destination", folder], PROJECT_FOLDER);
  const tarball = join(folder, `${packageFile.name}-${packageFile.version}.tgz`);
  for (const system of MODULE_SYSTEMS) {
    const began = performance.now();
    say(`\n${system}`);
    const app = join(folder, system.replace(" ", "-"));
    for (const [name, text] of Object.entries(appFiles(system, samples))) {
      mkdirSync(dirname(join(app, name)), { recursive: true });
      writeFileSync(join(app, name), text);
    }
    const quiet = ["--no-audit", "--no-fund", "--loglevel", "error"];
    await step("npm install, the tarball among it", "npm", ["install", ...quiet, tarball, ...PROGRAMS], app);
    await step("type-check", "npx", ["--no", "tsc"], app);
    await step("cdk synth", "npx", ["--no", "--", "cdk", "synth", "--quiet", "--no-notices"], app);
    await step("jest", "npm", ["test", "--silent"], app);
    await step("the operators' commands", "npx", ["--no", "--", packageFile.name, "users", "--help"], app);
    await displace(app);
    say(`  ${inSeconds(began)}  all of it`);
  }
  say(`\nThe package works: ${MODULE_SYSTEMS.join(" and ")}.`);
}

/** Runs the app on this machine: the first device's session ends with the second's login. */
async function displace(app: string): Promise<void> {
  const began = performance.now();
  const dev = await startDev(["npx", "--no", "--", packageFile.name, "dev"], app, ENVIRONMENT);
  try {
    say(`  ${inSeconds(began)}  ${packageFile.name} dev, until it is ready`);
    const laptop = await logInByBackend(dev.url, "alice");
    await logInByBackend(dev.url, "alice");
    const headers = { authorization: `Bearer ${laptop}` };
    const { code } = (await (await fetch(`${dev.url}/session`, { headers })).json()) as { code?: string };
    if (code !== "session_displaced")
      throw new Error(`The first session is not displaced: ${code ?? "live"}`);
    say(`  ${inSeconds(began)}  … until the first session is displaced`);
  } finally {
    await dev.stop();
  }
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
