import { existsSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { bundleAgain } from "./bundle-again.ts";
import { assetOf, findSources, type SourceUse } from "./find-sources.ts";
import { readTrace } from "./synth-trace.ts";

/** The part of a local stack that quick reloading needs. */
export interface RenewedStack {
  /** The functions that run, and the file of each one's handler. */
  readonly functions: readonly { readonly name: string; readonly entry: string }[];
  /** Later invocations of these load the code anew. */
  readonly renew: (functionNames: readonly string[]) => void;
}

export interface QuickReload {
  /**
   * Bundles or copies again what these files are in, and renews the functions that have it.
   * @param files absolute paths.
   * @returns what was renewed, and the files that a synth is needed for.
   * @throws LocalStackError with esbuild's message, for code that does not build.
   */
  reload(files: readonly string[], stack: RenewedStack): Promise<QuickReloaded>;
}

export interface QuickReloaded {
  readonly functions: readonly string[];
  readonly left: readonly string[];
}

/**
 * Reloads functions of a cloud assembly without a synth.
 * @param assembly its folder, in which the files of code are replaced.
 * @returns `undefined` where the synth left no trace to go by.
 */
export function createQuickReload(assembly: string): QuickReload | undefined {
  const trace = readTrace(assembly);
  if (trace === undefined) return undefined;
  const sources = findSources(assembly, trace);

  /** @returns the files that were written; `undefined` where a synth has to do it. */
  async function again(use: SourceUse): Promise<readonly string[] | undefined> {
    if (use.kind === "copy") {
      if (!existsSync(use.from)) return undefined;
      await copyFile(use.from, use.to);
      return [use.to];
    }
    const made = await bundleAgain(use.bundle);
    if (made === undefined) return undefined;
    sources.setInputs(use.bundle, made.inputs);
    return made.written;
  }

  return {
    async reload(files, { functions, renew }) {
      const namesOf = (path: string): string[] => {
        const asset = assetOf(assembly, path);
        return functions.flatMap(({ name, entry }) => (assetOf(assembly, entry) === asset ? [name] : []));
      };
      // Of files of a site, say, it is not known here what reads them.
      const isCode = (use: SourceUse): boolean => placesOf(use).every((path) => namesOf(path).length > 0);
      const made = new Map<unknown, readonly string[] | undefined>();
      const left: string[] = [];
      const names = new Set<string>();
      try {
        for (const file of files) {
          const uses = sources.usesOf(file);
          let isDone = uses?.every(isCode) ?? false;
          for (const use of isDone ? (uses ?? []) : []) {
            // Several files of one bundle may have changed.
            const key = use.kind === "copy" ? use.to : use.bundle;
            if (!made.has(key)) made.set(key, await again(use));
            const written = made.get(key);
            if (written === undefined) isDone = false;
            for (const path of written ?? []) namesOf(path).forEach((name) => names.add(name));
          }
          if (!isDone) left.push(file);
        }
      } finally {
        renew([...names]);
      }
      return { functions: [...names], left };
    },
  };
}

const placesOf = (use: SourceUse): readonly string[] =>
  use.kind === "copy" ? [use.to] : [...use.bundle.places.values()].flat();
