import { lstatSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join, sep } from "node:path";

/** What a bundle depends on: states of files, and which names there are in folders. By absolute path. */
export interface Stamps {
  readonly files: Readonly<Record<string, string>>;
  readonly folders: Readonly<Record<string, string>>;
}

/** What tells one state of a file from another without reading it; one that is not there has one as well. */
export function stampOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? "" : `${found.size} ${found.mtimeMs} ${found.ctimeMs} ${found.ino}`;
}

/** What decides how modules are found and compiled, in whichever folder above a source it is. */
const BESIDE_SOURCES = ["package.json", "tsconfig.json", "node_modules"];

/**
 * @param inputs the files that a bundle was made of.
 * @param since milliseconds of the epoch, from before the first of them was read.
 * @returns `undefined` where one may have changed since it was read: the state on the disk may be a later one
 * than that in the bundle.
 */
export function stampInputs(inputs: readonly string[], since: number): Stamps | undefined {
  if (haveChanged(inputs, since)) return undefined;
  const { paths, folders } = dependencies(inputs);
  return {
    files: Object.fromEntries([...paths].map((path) => [path, stampOf(path)])),
    folders: Object.fromEntries([...folders].map((path) => [path, namesIn(path)])),
  };
}

/** Whether any of these files changed, or what decides that they are found. @param since as above. */
export function haveChanged(inputs: readonly string[], since: number): boolean {
  const { paths, folders } = dependencies(inputs);
  return [...paths, ...folders].some((path) => changedAt(path) >= since - COARSE_MS);
}

function dependencies(inputs: readonly string[]): {
  paths: ReadonlySet<string>;
  folders: ReadonlySet<string>;
} {
  const paths = new Set(inputs);
  const folders = new Set(inputs.map((input) => dirname(input)));
  for (const folder of new Set(inputs.flatMap((input) => foldersAbove(input)))) {
    BESIDE_SOURCES.forEach((name) => paths.add(join(folder, name)));
    // Packages are found in there by their names: it changes when one comes, goes or is replaced.
    if (basename(folder).startsWith("@")) paths.add(folder);
  }
  return { paths, folders };
}

/** By how much the time of a change may be too early: file systems go by a coarse clock. */
const COARSE_MS = 50;

export const isUnchanged = ({ files, folders }: Stamps): boolean =>
  Object.entries(files).every(([path, stamp]) => stampOf(path) === stamp) &&
  Object.entries(folders).every(([path, names]) => namesIn(path) === names);

/** Of a link, when it was made; 0 for what is not there. */
const changedAt = (path: string): number => lstatSync(path, { throwIfNoEntry: false })?.ctimeMs ?? 0;

function foldersAbove(path: string): string[] {
  const folder = dirname(path);
  return folder === path ? [] : [folder, ...foldersAbove(folder)];
}

/** A file that comes may be found in the place of another; hidden ones, and those of editors, are not. */
function namesIn(folder: string): string {
  try {
    const names = readdirSync(folder).filter((name) => !name.startsWith(".") && !name.endsWith("~"));
    return names.sort().join(sep);
  } catch {
    return "";
  }
}
