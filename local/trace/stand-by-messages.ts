import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The variable that names the folder where the processes of a synth write down what they loaded. */
export const LOADED_FOLDER_VARIABLE = "SINGLE_SESSION_SYNTH_LOADED";

/** The variable of processes that stand by: `{ before, socket }` as JSON. */
export const STAND_BY_VARIABLE = "SINGLE_SESSION_STAND_BY";

/** What a process that ran sources of the app loaded of packages. */
export interface Loaded {
  /** What tells this process from others of the same command. */
  readonly argv: readonly string[];
  /** Absolute paths, in the order of loading. */
  readonly modules: readonly string[];
}

/** Where it is in the folder of a cloud assembly. */
export const loadedFolder = (assembly: string): string => join(assembly, "loaded");

/** @returns none where the app is no program of Node.js. */
export function readLoaded(folder: string): Loaded[] {
  try {
    return readdirSync(folder).map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as Loaded);
  } catch {
    return [];
  }
}
