/**
 * Loaded into each Node.js process of a synth, before everything else: writes down what `SynthTrace` says, at
 * Node's own edges (files that are read and copied, programs that are run, modules that are loaded). Of the
 * CDK's insides it knows nothing. What it does not recognize is not written down, and a change of that runs
 * a synth.
 */
import fs from "node:fs";
import nodeModule from "node:module";
import { join, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { recordBundles } from "./bundle-record.ts";
import { createKeptBundles } from "./kept-bundles.ts";
import { KEPT_BUNDLES_VARIABLE, TRACE_FOLDER_VARIABLE, type SynthTrace } from "./synth-trace.ts";

type AnyFunction = (...args: never[]) => unknown;

const { readFileSync, writeFileSync } = fs;
const read = new Set<string>();
const copied: [string, string][] = [];

function recordSynth(traceFolder: string): void {
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
  const kept = createKeptBundles(process.env[KEPT_BUNDLES_VARIABLE] ?? traceFolder);
  const record = recordBundles(traceFolder, kept);
  Object.assign(globalThis, { [WRAP_NAME]: record.wrap });
  nodeModule.syncBuiltinESMExports();
  process.once("exit", () => {
    const trace: SynthTrace = { read: [...read], copied, bundles: record.bundles };
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

const ESBUILD_MODULE = /[/\\]node_modules[/\\]esbuild[/\\]lib[/\\]main\.js$/;
const WRAP_NAME = "__singleSessionTraceCalls";
const WRAP = `globalThis.${WRAP_NAME}`;

const folder = process.env[TRACE_FOLDER_VARIABLE];
// Without these hooks (before Node.js 22.15) it would not be known which modules the app is made of.
if (folder !== undefined && typeof nodeModule.registerHooks === "function") recordSynth(folder);
