import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type * as Esbuild from "esbuild";
import { LocalStackError } from "../errors.ts";
import type { PlacedBundle } from "./find-sources.ts";
import type { EsbuildCall, EsbuildCommand } from "./synth-trace.ts";

/** What esbuild made this time. */
interface Made {
  readonly inputs: readonly string[];
  /** By the path that the file had the first time. */
  readonly contents: ReadonlyMap<string, Uint8Array>;
}

/**
 * Runs esbuild once more as the synth did, and puts what comes of it where that had been put.
 * @returns what it is made of now, and the files that were written; `undefined` where it made other files
 * than before, which only a synth can put in place.
 * @throws LocalStackError with esbuild's message, for code that does not build; nothing is written then.
 */
export async function bundleAgain({
  bundle,
  places,
}: PlacedBundle): Promise<{ inputs: readonly string[]; written: readonly string[] } | undefined> {
  const { run, folder } = bundle;
  const { inputs, contents } =
    run.kind === "command" ? await runCommand(run, folder) : await runCall(run, folder);
  const isSame = contents.size === places.size && [...contents.keys()].every((path) => places.has(path));
  if (!isSame) return undefined;
  const written: string[] = [];
  for (const [path, targets] of places) {
    for (const target of targets) await writeFile(target, contents.get(path) ?? "");
    written.push(...targets);
  }
  return { inputs, written };
}

const OUTFILE = "--outfile=";

async function runCommand({ args }: EsbuildCommand, folder: string): Promise<Made> {
  const made = await mkdtemp(join(tmpdir(), "single-session-bundle-"));
  try {
    const outfile = args.find((arg) => arg.startsWith(OUTFILE))?.slice(OUTFILE.length) ?? "";
    const metafile = join(made, "meta");
    const others = args.filter((arg) => !/^--(?:outfile|metafile|log-level)=/.test(arg));
    const own = [OUTFILE + join(made, basename(outfile)), `--metafile=${metafile}`, "--log-level=error"];
    await runEsbuild([...others, ...own], folder);
    const { inputs, outputs } = JSON.parse(await readFile(metafile, "utf8")) as Esbuild.Metafile;
    const first = dirname(resolve(folder, outfile));
    const contents = new Map<string, Uint8Array>();
    for (const output of Object.keys(outputs)) {
      const path = resolve(folder, output);
      contents.set(join(first, relative(made, path)), await readFile(path));
    }
    return { inputs: Object.keys(inputs).map((path) => resolve(folder, path)), contents };
  } finally {
    await rm(made, { recursive: true, force: true });
  }
}

/** The program itself: by `npx`, as the CDK starts it, it would take a second. */
function runEsbuild(args: readonly string[], folder: string): Promise<void> {
  let program = "esbuild";
  try {
    program = createRequire(join(folder, "package.json")).resolve("esbuild/bin/esbuild");
  } catch {
    // It is installed for all projects of this machine.
  }
  return new Promise((fulfil, reject) => {
    execFile(program, args, { cwd: folder }, (error, _, stderr) => {
      if (error === null) fulfil();
      else reject(new LocalStackError(stderr.trim() === "" ? error.message : stderr.trim()));
    });
  });
}

async function runCall({ module, options }: EsbuildCall, folder: string): Promise<Made> {
  const esbuild = ((await import(pathToFileURL(module).href)) as { default: typeof Esbuild }).default;
  try {
    const { metafile, outputFiles } = await esbuild.build({
      absWorkingDir: folder,
      ...options,
      ...{ write: false, metafile: true, logLevel: "silent" },
    });
    return {
      inputs: Object.keys(metafile.inputs).map((path) => resolve(folder, path)),
      contents: new Map(outputFiles.map(({ path, contents }) => [path, contents])),
    };
  } catch (error) {
    const { errors } = error as Partial<Esbuild.BuildFailure>;
    if (errors === undefined) throw error;
    const messages = await esbuild.formatMessages([...errors], { kind: "error" });
    throw new LocalStackError(messages.join("\n").trim());
  } finally {
    // Its process would stay for as long as this one.
    await esbuild.stop();
  }
}
