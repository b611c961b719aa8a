import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import type { SynthTrace, TracedBundle } from "./synth-trace.ts";

/** What is to be done when a source changes. */
export type SourceUse =
  /** Bundled anew: an input of it. */
  | { readonly kind: "bundle"; readonly bundle: PlacedBundle }
  /** Copied again, to there. */
  | { readonly kind: "copy"; readonly from: string; readonly to: string };

/** A bundle, and where the cloud assembly has the files that came of it. */
export interface PlacedBundle {
  readonly bundle: TracedBundle;
  /** By the path that esbuild gave a file, where it is now. */
  readonly places: ReadonlyMap<string, readonly string[]>;
}

/** Which functions' code a source is in, from what a synth wrote down. */
export interface Sources {
  /** @returns `undefined` for a file that asks for a synth: the app reads it, or nothing is known of it. */
  usesOf(path: string): readonly SourceUse[] | undefined;
  /** The inputs of a bundle are other ones now. */
  setInputs(bundle: PlacedBundle, inputs: readonly string[]): void;
}

/** @param assembly the folder of the cloud assembly, as the synth left it. */
export function findSources(assembly: string, trace: SynthTrace): Sources {
  const read = new Set(trace.read);
  const files = bundleFiles(assembly);
  const inputsOf = new Map(
    trace.bundles.flatMap((bundle) => {
      const placed = place(bundle, files);
      return placed === undefined ? [] : [[placed, new Set(bundle.inputs)] as const];
    }),
  );
  const assets = trace.copied.filter(([, to]) => assetOf(assembly, to) !== undefined);
  return {
    usesOf(path) {
      if (read.has(path)) return undefined;
      const bundles = [...inputsOf].filter(([, inputs]) => inputs.has(path));
      const copies = assets.filter(([from]) => from === path);
      const uses: SourceUse[] = [
        ...bundles.map(([bundle]) => ({ kind: "bundle", bundle }) as const),
        ...copies.map(([from, to]) => ({ kind: "copy", from, to }) as const),
      ];
      return uses.length === 0 ? undefined : uses;
    },
    setInputs: (bundle, inputs) => inputsOf.set(bundle, new Set(inputs)),
  };
}

/** The folder of an asset that a file is in. */
export function assetOf(assembly: string, path: string): string | undefined {
  const name = relative(resolve(assembly), path).split(sep)[0] ?? "";
  return name.startsWith("asset.") ? join(resolve(assembly), name) : undefined;
}

/**
 * A hook that changes what esbuild made leaves other contents behind: such a bundle cannot be made by esbuild
 * alone, and has no place. A call may have made more than the app uses, but of a program and its source map
 * it uses both.
 */
function place(
  bundle: TracedBundle,
  files: ReadonlyMap<string, readonly string[]>,
): PlacedBundle | undefined {
  const places = new Map(bundle.outputs.map(({ path, sha256 }) => [path, files.get(sha256) ?? []]));
  const isFound = (path: string): boolean => (places.get(path) ?? []).length > 0;
  const paths = [...places.keys()];
  const isComplete = (path: string): boolean =>
    !places.has(`${path}.map`) || isFound(path) === isFound(`${path}.map`);
  const isWhole = bundle.run.kind === "command" ? paths.every(isFound) : paths.every(isComplete);
  return isWhole && paths.some(isFound) ? { bundle, places } : undefined;
}

const BUNDLED = /\.(?:[cm]?js|map|json|css)$/;

/** The files of all assets that may be of a bundle, by the SHA-256 of their contents. */
function bundleFiles(assembly: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  const visit = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && entry.name !== "node_modules") visit(path);
      if (!entry.isFile() || !BUNDLED.test(entry.name)) continue;
      const sha256 = createHash("sha256").update(readFileSync(path)).digest("base64");
      found.set(sha256, [...(found.get(sha256) ?? []), path]);
    }
  };
  for (const entry of readdirSync(assembly, { withFileTypes: true })) {
    if (entry.isDirectory() && entry.name.startsWith("asset.")) visit(join(resolve(assembly), entry.name));
  }
  return found;
}
