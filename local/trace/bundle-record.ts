import childProcess from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, relative, resolve } from "node:path";
import type * as Esbuild from "esbuild";
import type { KeptBundle, KeptBundles, KeptOutput, MadeBundle } from "./kept-bundles.ts";
import type { TracedBundle, TracedOutput } from "./synth-trace.ts";

/** Writes down the runs of esbuild of this process, and spares those whose sources have not changed. */
export interface BundleRecord {
  readonly bundles: readonly TracedBundle[];
  /** For the module of a copy of esbuild: what takes the place of its exports. */
  readonly wrap: (esbuild: typeof Esbuild, module: string) => object;
}

/**
 * From now on `esbuild --bundle …` is written down, by whatever program that is run.
 * @param folder for files that last as long as the synth.
 */
export function recordBundles(folder: string, kept: KeptBundles): BundleRecord {
  const bundles: TracedBundle[] = [];

  function note(
    run: TracedBundle["run"],
    where: string,
    inputs: readonly string[],
    outputs: readonly Output[],
  ): void {
    const traced: TracedOutput[] = outputs.map(({ path, hash }) => ({ path, sha256: hash }));
    bundles.push({ run, folder: where, inputs, outputs: traced });
  }

  childProcess.spawnSync = new Proxy(childProcess.spawnSync, {
    apply(spawnSync, self, [command, args, options, ...others]: [string, unknown, { cwd?: string }?]) {
      const spawn = (all: unknown): { status: number } =>
        Reflect.apply(spawnSync, self, [command, all, options, ...others]) as { status: number };
      const words = Array.isArray(args) ? (args as string[]) : [];
      const at = [command, ...words].findIndex((word) => basename(word) === "esbuild");
      const own = words.slice(at);
      const outfile = own.find((word) => word.startsWith(OUTFILE))?.slice(OUTFILE.length);
      if (at < 0 || !own.includes("--bundle") || outfile === undefined) return spawn(args);

      const where = resolve(options?.cwd ?? ".");
      const run = { kind: "command", args: own } as const;
      const target = resolve(where, outfile);
      const named = own.find((word) => word.startsWith(METAFILE))?.slice(METAFILE.length);
      const asked = [
        run.kind,
        where,
        own.filter((word) => !/^--(?:outfile|log-level)=/.test(word)),
        basename(outfile),
      ];
      const before = named === undefined ? kept.find(asked) : undefined;
      if (before !== undefined) {
        note(run, where, inputsOf(before.metafile, where), writeOutputs(before.outputs, dirname(target)));
        return { pid: 0, output: [], stdout: null, stderr: null, status: 0, signal: null };
      }
      const began = Date.now();
      const metafile = named ?? `${join(folder, `${process.pid}-${bundles.length}`)}.metafile`;
      const result = spawn(named === undefined ? [...words, METAFILE + metafile] : words);
      if (result.status !== 0) return result;
      const made = JSON.parse(readFileSync(resolve(where, metafile), "utf8")) as Esbuild.Metafile;
      const outputs = Object.keys(made.outputs).flatMap((path) => readOutput(resolve(where, path)));
      const inputs = inputsOf(made, where);
      note(run, where, inputs, outputs);
      const moved = outputs.map((output) => ({ ...output, path: relative(dirname(target), output.path) }));
      kept.keep(asked, { metafile: made, outputs: moved, inputs: [...inputs, ...programIn(where)], began });
      return result;
    },
  });

  function noteCall(
    module: string,
    options: Esbuild.BuildOptions,
    { metafile, outputFiles, warnings }: Esbuild.BuildResult,
    began: number,
  ): void {
    const call = asData(module, options);
    if (metafile === undefined || call === undefined) return;
    const where = resolve(options.absWorkingDir ?? ".");
    // By the names that the caller gets: that of a program from a text is in no other place.
    const outputs =
      outputFiles?.map(({ path, contents }) => ({ path, contents, hash: hashOf(contents) })) ??
      Object.keys(metafile.outputs).flatMap((name) => readOutput(resolve(where, name)));
    const inputs = inputsOf(metafile, where);
    note(call, where, inputs, outputs);
    // Warnings are shown each time.
    if (options.write !== false || warnings.length > 0) return;
    kept.keep(askedOf(call), { metafile, outputs, inputs: [...inputs, module], began });
  }

  function findCall(module: string, options: Esbuild.BuildOptions): Esbuild.BuildResult | undefined {
    const call = asData(module, options);
    const before = options.write === false && call !== undefined ? kept.find(askedOf(call)) : undefined;
    if (before === undefined || call === undefined) return undefined;
    const where = resolve(options.absWorkingDir ?? ".");
    note(call, where, inputsOf(before.metafile, where), before.outputs);
    return resultOf(before);
  }

  return {
    bundles,
    wrap: (esbuild, module) => ({
      ...esbuild,
      buildSync(options: Esbuild.BuildOptions) {
        const began = Date.now();
        const before = findCall(module, options);
        if (before !== undefined) return before;
        const result = esbuild.buildSync({ ...options, metafile: true });
        noteCall(module, options, result, began);
        return result;
      },
      async build(options: Esbuild.BuildOptions) {
        const began = Date.now();
        const before = findCall(module, options);
        if (before !== undefined) return before;
        const result = await esbuild.build({ ...options, metafile: true });
        noteCall(module, options, result, began);
        return result;
      },
    }),
  };
}

type Output = Pick<KeptOutput, "path" | "hash">;
type MadeOutput = MadeBundle["outputs"][number];

const OUTFILE = "--outfile=";
const METAFILE = "--metafile=";

/** `undefined` where plugins and the like, which are functions, are a part of it. */
function asData(
  module: string,
  options: Esbuild.BuildOptions,
): (TracedBundle["run"] & { kind: "call" }) | undefined {
  if ((options.plugins ?? []).length > 0) return undefined;
  return { kind: "call", module, options: JSON.parse(JSON.stringify(options)) as Record<string, unknown> };
}

/** Apps that share an installed package share its bundles: the package says where it builds them. */
const askedOf = (call: TracedBundle["run"] & { kind: "call" }): unknown => [
  call,
  call.options["absWorkingDir"] ?? process.cwd(),
];

const inputsOf = ({ inputs }: Esbuild.Metafile, where: string): string[] =>
  Object.keys(inputs).map((path) => resolve(where, path));

const hashOf = (contents: Uint8Array): string => createHash("sha256").update(contents).digest("base64");

function readOutput(path: string): readonly MadeOutput[] {
  if (!existsSync(path)) return [];
  const contents = readFileSync(path);
  return [{ path, contents, hash: hashOf(contents) }];
}

function writeOutputs(outputs: readonly KeptOutput[], folder: string): Output[] {
  return outputs.map(({ path: name, contents, hash }) => {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, contents());
    return { path, hash };
  });
}

/** The esbuild that is installed for a folder: another version makes other bundles. */
function programIn(folder: string): string[] {
  try {
    return [createRequire(join(folder, "package.json")).resolve("esbuild/package.json")];
  } catch {
    return [];
  }
}

/** As esbuild answers. */
function resultOf({ metafile, outputs }: KeptBundle): Esbuild.BuildResult {
  const outputFiles = outputs.map(({ path, hash, contents }) => ({
    path,
    hash,
    get contents() {
      return contents();
    },
    get text() {
      return Buffer.from(contents()).toString();
    },
  }));
  return { errors: [], warnings: [], outputFiles, metafile } as unknown as Esbuild.BuildResult;
}
