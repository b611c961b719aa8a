import { createHash } from "node:crypto";
import { fstatSync, lstatSync, readdirSync, readFileSync, statSync, watch, type FSWatcher } from "node:fs";
import { join, relative, resolve, sep } from "node:path";

/** What no source is in; hidden folders are left out as well. */
const NOT_SOURCES = ["node_modules", "cdk.out"];

/** How long is waited for further changes: an editor, and a checkout even more, make several at once. */
const QUIET_MS = 80;
/** A file that is larger counts as changed whenever it was written. */
const LARGEST_HASHED_BYTES = 4 * 1024 * 1024;

/**
 * Watches the files of a folder and of all folders in it until `signal` aborts. A file that was written again
 * as it was has not changed: an app may write files of its own when it is synthesized. Nor has one that came
 * and went, nor one that this process's own output goes to. What `.gitignore` names is watched: what is built
 * from sources is often in there, and functions and sites are made of it.
 * @param options.ignored folders that are left out, by absolute path.
 * @param options.onChange is told of the files that changed, relative to the folder.
 */
export function watchFolder(
  folder: string,
  options: {
    readonly ignored: readonly string[];
    readonly onChange: (files: readonly string[]) => void;
    readonly signal: AbortSignal;
  },
): void {
  const { ignored, onChange, signal } = options;
  const watchers = new Map<string, FSWatcher>();
  const hashes = new Map<string, string>();
  /** What changed since `onChange` was told last: its hash before that, or none where it was not there. */
  const before = new Map<string, string | undefined>();
  let timer: NodeJS.Timeout | undefined;

  function addFolder(path: string): void {
    if (watchers.has(path) || ignored.includes(path)) return;
    const entries = foldersAndFiles(path);
    if (entries === undefined) return;
    for (const file of entries.files) hashes.set(file, hashOf(file) ?? "");
    const watcher = watch(path, (_, name) => {
      if (name !== null) onEvent(join(path, name));
    });
    // A folder that is removed while it is watched.
    watcher.on("error", () => removeFolder(path));
    watchers.set(path, watcher);
    entries.folders.forEach(addFolder);
  }

  function removeFolder(path: string): void {
    for (const [watched, watcher] of watchers) {
      if (watched !== path && !watched.startsWith(path + sep)) continue;
      watcher.close();
      watchers.delete(watched);
    }
  }

  function onEvent(path: string): void {
    if (!isSource(path)) return;
    const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory();
    if (isFolder === true) {
      const known = new Set(hashes.keys());
      addFolder(path);
      for (const file of hashes.keys()) if (!known.has(file)) note(file, undefined);
      return;
    }
    if (isFolder === undefined && watchers.has(path)) removeFolder(path);
    const hash = hashOf(path);
    const last = hashes.get(path);
    if (hash === last) return;
    if (hash === undefined) hashes.delete(path);
    else hashes.set(path, hash);
    note(path, last);
  }

  function note(path: string, hash: string | undefined): void {
    if (!before.has(path)) before.set(path, hash);
    clearTimeout(timer);
    timer = setTimeout(() => {
      // Editors write a file beside the one that they replace by it.
      const changed = [...before].filter(([file, earlier]) => hashes.get(file) !== earlier);
      before.clear();
      if (changed.length > 0) onChange(changed.map(([file]) => relative(folder, file)));
    }, QUIET_MS);
  }

  addFolder(resolve(folder));
  signal.addEventListener("abort", () => {
    clearTimeout(timer);
    for (const watcher of watchers.values()) watcher.close();
  });
}

const isSource = (path: string): boolean => {
  const name = path.split(sep).at(-1) ?? "";
  if (name.startsWith(".") || name.endsWith("~") || NOT_SOURCES.includes(name)) return false;
  // `dev | tee dev.log` writes a line for each line.
  return !name.endsWith(".log") && !isOwnOutput(path);
};

/** Files that the output of this process goes to, as in `dev > out.txt`: what is said of a change is none. */
const OWN_OUTPUTS = [1, 2].flatMap((descriptor) => {
  try {
    const stats = fstatSync(descriptor, { bigint: true });
    return stats.isFile() ? [stats] : [];
  } catch {
    return [];
  }
});

function isOwnOutput(path: string): boolean {
  if (OWN_OUTPUTS.length === 0) return false;
  const stats = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  return OWN_OUTPUTS.some(({ dev, ino }) => dev === stats?.dev && ino === stats.ino);
}

/** `undefined` where it is no folder, or no longer. */
function foldersAndFiles(path: string): { folders: string[]; files: string[] } | undefined {
  try {
    const entries = readdirSync(path, { withFileTypes: true }).map((entry) => ({
      path: join(path, entry.name),
      isFolder: entry.isDirectory(),
      isFile: entry.isFile(),
    }));
    const sources = entries.filter((entry) => isSource(entry.path));
    return {
      folders: sources.filter(({ isFolder }) => isFolder).map((entry) => entry.path),
      files: sources.filter(({ isFile }) => isFile).map((entry) => entry.path),
    };
  } catch {
    return undefined;
  }
}

/** What tells one state of a file from another; `undefined` where there is none. */
function hashOf(path: string): string | undefined {
  try {
    const { size, mtimeMs } = statSync(path);
    if (size > LARGEST_HASHED_BYTES) return `${size} ${mtimeMs}`;
    return createHash("sha256").update(readFileSync(path)).digest("base64");
  } catch {
    return undefined;
  }
}
