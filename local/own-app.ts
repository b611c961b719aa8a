import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { LocalStackError } from "./errors.ts";
import { startCommand } from "./own-command.ts";
import { FOR_LOCAL_RUNS } from "./synthesize.ts";
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
  const plan = await planSynth(app);
  const outputFolder = await newOutputFolder(app.folder);
  try {
    await build(plan, signal);
    signal.throwIfAborted();
    await startCommand(plan.command, app.folder, environmentOf(plan, outputFolder)).ended(signal);
    return outputFolder;
  } catch (error) {
    await rm(outputFolder, { recursive: true, force: true });
    throw error;
  }
}

/** What a synth is made of, beside the sources. */
export interface SynthPlan {
  readonly folder: string;
  readonly command: string;
  /** The command that runs before; none where it is empty. */
  readonly build: string;
  readonly context: Readonly<Record<string, unknown>>;
}

/** @throws LocalStackError where there is no app. */
export async function planSynth(app: OwnApp): Promise<SynthPlan> {
  const { folder } = app;
  const settings = await readCdkJson(join(folder, "cdk.json"));
  const command = app.command ?? settings.app;
  if (typeof command !== "string") {
    throw new LocalStackError(
      `There is no CDK app in ${folder}: no cdk.json with \`app\` in it. Start this in the app's folder, ` +
        "name the command that runs the app by --app, or a folder that was synthesized by --assembly.",
    );
  }
  const ownBuild = app.command === undefined && typeof settings.build === "string" ? settings.build : "";
  return { folder, command, build: ownBuild, context: await contextOf(app, settings) };
}

/** Runs the command that is to run before the app. */
export async function build({ build: command, folder }: SynthPlan, signal: AbortSignal): Promise<void> {
  if (command !== "") await startCommand(command, folder, process.env).ended(signal);
}

/** The variables that the app runs with. */
export const environmentOf = (plan: SynthPlan, outputFolder: string): NodeJS.ProcessEnv => ({
  // Types are the compiler's to check, and take as long as all the rest.
  TS_NODE_TRANSPILE_ONLY: "true",
  // What Node compiled of the CDK is kept: without it each synthesis would begin with that.
  NODE_COMPILE_CACHE: join(dirname(outputFolder), "compiled"),
  ...FOR_LOCAL_RUNS,
  ...process.env,
  ...traceEnvironment(outputFolder, {
    // What is built before is made of sources that the app itself does not read: no trace leads to them.
    sources: plan.build === "",
  }),
  CDK_OUTDIR: outputFolder,
  CDK_CONTEXT_JSON: JSON.stringify(plan.context),
});

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
export async function newOutputFolder(folder: string): Promise<string> {
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
