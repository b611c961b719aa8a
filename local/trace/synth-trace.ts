import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * What the processes of a synth did, as far as it tells what a changed file leads to. All paths are absolute.
 * `synth-record.ts` writes it down, one file a process.
 */
export interface SynthTrace {
  /** Files that the app read itself: its modules, settings and texts. */
  readonly read: readonly string[];
  /** From which file to which, as the CDK copies a folder of code. */
  readonly copied: readonly (readonly [from: string, to: string])[];
  readonly bundles: readonly TracedBundle[];
}

/** One run of esbuild. */
export interface TracedBundle {
  readonly run: EsbuildCommand | EsbuildCall;
  /** Where it ran. */
  readonly folder: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly TracedOutput[];
}

/** esbuild's own arguments, as `NodejsFunction` gives them. */
export interface EsbuildCommand {
  readonly kind: "command";
  readonly args: readonly string[];
}

/** A call of esbuild from JavaScript, as our construct makes it. */
export interface EsbuildCall {
  readonly kind: "call";
  /** The file of the esbuild that was called. */
  readonly module: string;
  readonly options: Readonly<Record<string, unknown>>;
}

export interface TracedOutput {
  readonly path: string;
  /** Of its contents. The CDK moves the files; by this they are found again. */
  readonly sha256: string;
}

/** The variable that names the folder where the processes of a synth leave their files. */
export const TRACE_FOLDER_VARIABLE = "SINGLE_SESSION_SYNTH_TRACE";

/** The variable that names the folder of the bundles that esbuild made of the same sources before. */
export const KEPT_BUNDLES_VARIABLE = "SINGLE_SESSION_KEPT_BUNDLES";

/** Where it is in the folder of a cloud assembly. */
export const traceFolder = (assembly: string): string => join(assembly, "trace");

/** @returns `undefined` where nothing was written down: on a Node.js that has no hooks for it. */
export function readTrace(assembly: string): SynthTrace | undefined {
  const folder = traceFolder(assembly);
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return undefined;
  }
  const own = names.filter((name) => name.endsWith(".json"));
  const parts = own.map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as SynthTrace);
  if (parts.length === 0) return undefined;
  return {
    read: parts.flatMap(({ read }) => read),
    copied: parts.flatMap(({ copied }) => copied),
    bundles: parts.flatMap(({ bundles }) => bundles),
  };
}
