/**
 * Loaded into each Node.js process of a synth, before everything else: writes down what `SynthTrace` says, at
 * Node's own edges (files that are read and copied, programs that are run, modules that are loaded). Of the
 * CDK's insides it knows nothing. What it does not recognize is not written down, and a change of that runs
 * a synth.
 */
import childProcess from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import nodeModule from "node:module";
import { basename, join, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type * as Esbuild from "esbuild";
import { TRACE_FOLDER_VARIABLE, type SynthTrace, type TracedBundle } from "./synth-trace.ts";

type AnyFunction = (...args: never[]) => unknown;

const { readFileSync, writeFileSync } = fs;
const read = new Set<string>();
const copied: [string, string][] = [];
const bundles: TracedBundle[] = [];

function record(traceFolder: string): void {
  nodeModule.registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      if (!url.startsWith("file:")) return loaded;
      const path = fileURLToPath(url);
      noteRead(path);
      if (!ESBUILD_MODULE.test(path)) return loaded;
      const source = readFileSync(path, "utf8");
      return { ...loaded, source: `${source}\n;module.exports = ${WRAP}(module.exports, __filename);` };
    },
  });
  after(fs, "readFileSync", ([path]) => {
    if (typeof path === "string") noteRead(resolve(path));
    else if (path instanceof URL) noteRead(fileURLToPath(path));
  });
  after(fs, "copyFileSync", ([from, to]) => {
    if (typeof from === "string" && typeof to === "string") copied.push([resolve(from), resolve(to)]);
  });
  traceCommands(traceFolder);
  Object.assign(globalThis, { [WRAP_NAME]: traceCalls });
  nodeModule.syncBuiltinESMExports();
  process.once("exit", () => {
    const trace: SynthTrace = { read: [...read], copied, bundles };
    writeFileSync(join(traceFolder, `${process.pid}.json`), JSON.stringify(trace));
  });
}

function noteRead(path: string): void {
  if (!path.includes(`${sep}node_modules${sep}`)) read.add(path);
}

/** Calls `told` with the arguments of each call that went well. */
function after<Name extends string>(
  holder: Record<Name, AnyFunction>,
  name: Name,
  told: (args: unknown[]) => void,
): void {
  holder[name] = new Proxy(holder[name], {
    apply(target, self, args) {
      const result: unknown = Reflect.apply(target, self, args);
      told(args);
      return result;
    },
  });
}

/** `esbuild --bundle …`, by whatever program that is run. */
function traceCommands(traceFolder: string): void {
  childProcess.spawnSync = new Proxy(childProcess.spawnSync, {
    apply(target, self, [command, args, options, ...others]: [string, unknown, { cwd?: string }?]) {
      const words = Array.isArray(args) ? (args as string[]) : [];
      const at = [command, ...words].findIndex((word) => basename(word) === "esbuild");
      const own = words.slice(at);
      const writes = own.some((word) => word.startsWith("--outfile="));
      if (at < 0 || !own.includes("--bundle") || !writes) {
        return Reflect.apply(target, self, [command, args, options, ...others]) as unknown;
      }
      const named = own.find((word) => word.startsWith(METAFILE))?.slice(METAFILE.length);
      const metafile = named ?? `${join(traceFolder, `${process.pid}-${bundles.length}`)}.metafile`;
      const all = named === undefined ? [...words, METAFILE + metafile] : words;
      const result = Reflect.apply(target, self, [command, all, options, ...others]) as { status: number };
      const where = resolve(options?.cwd ?? ".");
      if (result.status === 0) {
        const made = JSON.parse(readFileSync(resolve(where, metafile), "utf8")) as Esbuild.Metafile;
        addBundle({ kind: "command", args: own }, where, made);
      }
      return result;
    },
  });
}

const METAFILE = "--metafile=";

/** `build` and `buildSync` of a copy of esbuild. */
function traceCalls(esbuild: typeof Esbuild, module: string): object {
  const withMetafile = (options: Esbuild.BuildOptions): Esbuild.BuildOptions => ({
    ...options,
    metafile: true,
  });
  const note = (options: Esbuild.BuildOptions, { metafile, outputFiles }: Esbuild.BuildResult): void => {
    // Plugins and the like are functions, which another process cannot call.
    const text = JSON.stringify(options);
    if (metafile === undefined || (options.plugins ?? []).length > 0) return;
    const contents = new Map(outputFiles?.map((file) => [file.path, file.contents]));
    const run = { kind: "call", module, options: JSON.parse(text) as Record<string, unknown> } as const;
    addBundle(run, resolve(options.absWorkingDir ?? "."), metafile, contents);
  };
  return {
    ...esbuild,
    buildSync(options: Esbuild.BuildOptions) {
      const result = esbuild.buildSync(withMetafile(options));
      note(options, result);
      return result;
    },
    async build(options: Esbuild.BuildOptions) {
      const result = await esbuild.build(withMetafile(options));
      note(options, result);
      return result;
    },
  };
}

const ESBUILD_MODULE = /[/\\]node_modules[/\\]esbuild[/\\]lib[/\\]main\.js$/;
const WRAP_NAME = "__singleSessionTraceCalls";
const WRAP = `globalThis.${WRAP_NAME}`;

function addBundle(
  run: TracedBundle["run"],
  where: string,
  { inputs, outputs }: Esbuild.Metafile,
  contents?: ReadonlyMap<string, Uint8Array>,
): void {
  const paths = Object.keys(outputs).map((path) => resolve(where, path));
  bundles.push({
    run,
    folder: where,
    inputs: Object.keys(inputs).map((path) => resolve(where, path)),
    outputs: paths.flatMap((path) => {
      const made = contents?.get(path) ?? (fs.existsSync(path) ? readFileSync(path) : undefined);
      return made === undefined ? [] : [{ path, sha256: createHash("sha256").update(made).digest("base64") }];
    }),
  });
}

const folder = process.env[TRACE_FOLDER_VARIABLE];
// Without these hooks (before Node.js 22.15) it would not be known which modules the app is made of.
if (folder !== undefined && typeof nodeModule.registerHooks === "function") record(folder);
