import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { LocalStackError } from "./errors.ts";

/** The project's folder: where `cdk.json` is and where the CDK app runs. */
export const PROJECT_FOLDER = fileURLToPath(new URL("../", import.meta.url));

export interface SynthesizeOptions {
  /** The CDK app's file; relative ones are the project's. `infra/app.ts` unless given. */
  readonly app?: string;
  /** Context values over those of `cdk.json`, as `cdk synth -c name=value` would set them. */
  readonly context?: Readonly<Record<string, string>>;
  /** Environment variables for the CDK app beside this process's own. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Where the cloud assembly goes; a new temporary folder unless given. The caller removes it. */
  readonly outputFolder?: string;
  readonly signal?: AbortSignal;
}

/**
 * Runs the CDK app as the CDK CLI would, and gives the folder of the cloud assembly.
 * @throws LocalStackError with the app's own message where the app refuses (a setting that cannot be right).
 */
export async function synthesize(options: SynthesizeOptions = {}): Promise<string> {
  const outputFolder = options.outputFolder ?? (await mkdtemp(join(tmpdir(), "single-session-synth-")));
  const { app, environment } = await setupSynthesis(options, outputFolder);
  const { exitCode, output } = await runNode(app, {
    environment: { ...FOR_LOCAL_RUNS, ...process.env, ...options.environment, ...environment },
    signal: options.signal,
  });
  if (exitCode !== 0) throw new LocalStackError(synthesisMessage(output));
  return outputFolder;
}

/** CDK's check of the template against CloudFormation's schema is slow, and only deployments need it. */
export const FOR_LOCAL_RUNS = { CDK_VALIDATION: "false" } as const;

/** The app's absolute path, and the variables by which the CDK CLI would tell it what to do. */
export async function setupSynthesis(
  { app: file = "infra/app.ts", context }: SynthesizeOptions,
  outputFolder: string,
): Promise<{ readonly app: string; readonly environment: { CDK_OUTDIR: string; CDK_CONTEXT_JSON: string } }> {
  const app = resolve(PROJECT_FOLDER, file);
  if (!existsSync(app)) throw new LocalStackError(`The CDK app ${app} does not exist.`);
  const all = {
    ...(await contextOfProject()),
    ...context,
    // Names the functions: the construct's id is the only name a template has for them before it is deployed.
    "aws:cdk:enable-path-metadata": true,
  };
  return { app, environment: { CDK_OUTDIR: outputFolder, CDK_CONTEXT_JSON: JSON.stringify(all) } };
}

async function contextOfProject(): Promise<Record<string, unknown>> {
  const file = join(PROJECT_FOLDER, "cdk.json");
  if (!existsSync(file)) return {};
  try {
    const settings = JSON.parse(await readFile(file, "utf8")) as { context?: Record<string, unknown> };
    return settings.context ?? {};
  } catch (error) {
    throw new LocalStackError(`cdk.json is not valid JSON: ${(error as Error).message}`);
  }
}

interface Run {
  readonly exitCode: number | null;
  /** What it wrote to its standard error, or to its standard output where it wrote nothing there. */
  readonly output: string;
}

function runNode(
  file: string,
  options: { readonly environment: NodeJS.ProcessEnv; readonly signal: AbortSignal | undefined },
): Promise<Run> {
  return new Promise((fulfil, reject) => {
    const child = spawn(process.execPath, [file], {
      cwd: PROJECT_FOLDER,
      env: options.environment,
      stdio: ["ignore", "pipe", "pipe"],
      signal: options.signal,
    });
    const text = { out: "", err: "" };
    child.stdout.on("data", (chunk: Buffer) => (text.out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (text.err += chunk.toString()));
    child.once("error", reject);
    child.once("close", (exitCode) => {
      fulfil({ exitCode, output: text.err.trim() === "" ? text.out : text.err });
    });
  });
}

/** `TypeError [CODE]: `, or `«FailedToBundleAsset» ` as the CDK calls its own. */
const ERROR_LINE = /^(?:\w*Error(?: \[[^\]]*\])?: |«\w+» )/;
const STACK_LINE = /^\s+(?:at |\.\.\.)/;

/**
 * What a person needs of the output of an app that failed: the error's message without Node's excerpt and the
 * stack.
 */
export function synthesisMessage(output: string): string {
  const lines = output.trim().split("\n");
  const first = lines.findIndex((line) => ERROR_LINE.test(line));
  if (first < 0) return output.trim() || "The CDK app failed without a message.";
  const rest = lines.slice(first);
  const stack = rest.findIndex((line) => STACK_LINE.test(line));
  const message = (stack < 0 ? rest : rest.slice(0, stack)).join("\n");
  return message.replace(ERROR_LINE, "").trim();
}
