import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { LocalStackError } from "./errors.ts";
import { FOR_LOCAL_RUNS, synthesisMessage } from "./synthesize.ts";
import { traceEnvironment } from "./trace/trace-environment.ts";

/** Somebody's CDK app: a folder with a `cdk.json`, run by the command that this names. */
export interface OwnApp {
  readonly folder: string;
  /** In the place of `app` in `cdk.json`. */
  readonly command?: string;
  /** Context values over those of `cdk.json`, as `cdk synth -c name=value` would set them. */
  readonly context?: Readonly<Record<string, string>>;
}

interface CdkJson {
  readonly app?: unknown;
  readonly build?: unknown;
  readonly context?: Record<string, unknown>;
}

/**
 * Runs a CDK app as `cdk synth` would, without the CDK's command line: what the app needs is what it has
 * installed.
 * @returns the folder of the cloud assembly, a new one, which the caller removes.
 * @throws LocalStackError with the app's own message where the app fails.
 */
export async function synthesizeOwnApp(app: OwnApp, signal: AbortSignal): Promise<string> {
  const settings = await readCdkJson(join(app.folder, "cdk.json"));
  const command = app.command ?? settings.app;
  if (typeof command !== "string") {
    throw new LocalStackError(
      `There is no CDK app in ${app.folder}: no cdk.json with \`app\` in it. Start this in the app's folder, ` +
        "name the command that runs the app by --app, or a folder that was synthesized by --assembly.",
    );
  }
  const outputFolder = await newOutputFolder(app.folder);
  try {
    const build = app.command === undefined && typeof settings.build === "string" ? settings.build : "";
    if (build !== "") await runCommand(build, { folder: app.folder, environment: process.env, signal });
    const environment = {
      // Types are the compiler's to check, and take as long as all the rest.
      TS_NODE_TRANSPILE_ONLY: "true",
      // What Node compiled of the CDK is kept: without it each synthesis would begin with that.
      NODE_COMPILE_CACHE: join(dirname(outputFolder), "compiled"),
      ...FOR_LOCAL_RUNS,
      ...process.env,
      // What is built before is made of sources that the app itself does not read: no trace leads to them.
      ...(build === "" && traceEnvironment(outputFolder)),
      CDK_OUTDIR: outputFolder,
      CDK_CONTEXT_JSON: JSON.stringify(await contextOf(app, settings)),
    };
    await runCommand(command, { folder: app.folder, environment, signal });
    return outputFolder;
  } catch (error) {
    await rm(outputFolder, { recursive: true, force: true });
    throw error;
  }
}

async function contextOf({ folder, context }: OwnApp, settings: CdkJson): Promise<Record<string, unknown>> {
  return {
    ...(await readCdkJson(join(homedir(), ".cdk.json"))).context,
    ...settings.context,
    ...(await readCdkJson(join(folder, "cdk.context.json"), "context")).context,
    ...context,
    // Names the functions: the construct's id is the only name a template has for them before it is deployed.
    "aws:cdk:enable-path-metadata": true,
  };
}

/** What a settings file of the CDK says; nothing where there is none. */
async function readCdkJson(file: string, whole?: "context"): Promise<CdkJson> {
  if (!existsSync(file)) return {};
  try {
    const parsed = JSON.parse(await readFile(file, "utf8")) as Record<string, unknown>;
    return whole === "context" ? { context: parsed } : parsed;
  } catch (error) {
    throw new LocalStackError(`${file} is not valid JSON: ${(error as Error).message}`);
  }
}

/**
 * Below the app's own `node_modules` where there is one, so that a plain folder of code finds the AWS SDK
 * there, which Lambda's runtime brings.
 */
async function newOutputFolder(folder: string): Promise<string> {
  const installed = nearestPackages(folder);
  const parent =
    installed === undefined
      ? join(tmpdir(), "serverless-single-session")
      : join(installed, ".cache", "serverless-single-session");
  await mkdir(parent, { recursive: true });
  return mkdtemp(join(parent, "synth-"));
}

/** The `node_modules` that the app's files see: in a workspace it is a folder above. */
function nearestPackages(folder: string): string | undefined {
  const installed = join(folder, "node_modules");
  if (existsSync(installed)) return installed;
  return dirname(folder) === folder ? undefined : nearestPackages(dirname(folder));
}

/** A line of a stack that is in somebody's own file. */
const OWN_LINE = /^\s+at (?!.*(?:node_modules|node:)).*[(/].*:\d+:\d+\)?$/m;

/**
 * Runs a command line by the shell, in a process group of its own, which ends as a whole when it is called
 * off: `npx` and the like start others.
 */
async function runCommand(
  command: string,
  options: { readonly folder: string; readonly environment: NodeJS.ProcessEnv; readonly signal: AbortSignal },
): Promise<void> {
  const { folder, environment, signal } = options;
  signal.throwIfAborted();
  const hasGroups = process.platform !== "win32";
  const child = spawn(command, {
    cwd: folder,
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
    shell: true,
    detached: hasGroups,
  });
  const endAll = (): void => {
    if (child.pid === undefined || child.exitCode !== null) return;
    try {
      if (hasGroups) process.kill(-child.pid, "SIGKILL");
      else child.kill("SIGKILL");
    } catch {
      // It has ended by itself meanwhile.
    }
  };
  signal.addEventListener("abort", endAll, { once: true });
  process.once("exit", endAll);
  const text = { out: "", err: "" };
  child.stdout.on("data", (chunk: Buffer) => (text.out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (text.err += chunk.toString()));
  try {
    const exitCode = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    signal.throwIfAborted();
    if (exitCode === 0) return;
    const output = text.err.trim() === "" ? text.out : text.err;
    const place = OWN_LINE.exec(output)?.[0].trim();
    throw new LocalStackError(synthesisMessage(output) + (place === undefined ? "" : `\n  ${place}`));
  } finally {
    signal.removeEventListener("abort", endAll);
    process.off("exit", endAll);
  }
}
