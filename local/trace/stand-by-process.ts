/**
 * Loaded into each Node.js process of a synth, before the app. It writes down which packages' modules the app
 * loads. In a process that stands by for the next synth it loads them, and then waits to be told to go on:
 * what of a synth takes longest and does not depend on the app's own sources is done by then.
 */
import { lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import nodeModule, { createRequire } from "node:module";
import { connect } from "node:net";
import { join, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { isMainThread } from "node:worker_threads";
import { haveChanged } from "./stamps.ts";
import { LOADED_FOLDER_VARIABLE, readLoaded, STAND_BY_VARIABLE, type Loaded } from "./stand-by-messages.ts";

const began = Date.now();
/** As it is now: `ts-node` and the like put the app's own in its place. */
const argv = process.argv.slice(1);
const modules = new Set<string>();
let hasOwn = false;

function isSame(other: readonly string[]): boolean {
  return JSON.stringify(other) === JSON.stringify(argv);
}

function recordLoaded(to: string): void {
  nodeModule.registerHooks({
    load(url, context, nextLoad) {
      if (url.startsWith("file:")) {
        const path = fileURLToPath(url);
        if (packageOf(path) === undefined) hasOwn ||= path !== import.meta.filename;
        else modules.add(path);
      }
      return nextLoad(url, context);
    },
  });
  process.once("exit", () => {
    if (!hasOwn) return;
    mkdirSync(to, { recursive: true });
    const loaded: Loaded = { argv, modules: [...modules] };
    writeFileSync(join(to, `${process.pid}.json`), JSON.stringify(loaded));
  });
}

async function load(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    if (!/\.[cm]?js$/.test(path) || !isConstructLibrary(packageOf(path) ?? "")) continue;
    try {
      const format = path.endsWith(".mjs") ? undefined : createRequire(path);
      if (format === undefined) await import(pathToFileURL(path).href);
      else format(path);
    } catch {
      // It was removed, or loads only as the app loads it: the app will say so.
    }
  }
}

/** The folder of the package that a file is in. */
function packageOf(path: string): string | undefined {
  const mark = `${sep}node_modules${sep}`;
  const at = path.lastIndexOf(mark);
  if (at < 0) return undefined;
  const [scope = "", name = ""] = path.slice(at + mark.length).split(sep);
  return path.slice(0, at) + mark + (scope.startsWith("@") ? join(scope, name) : scope);
}

const libraries = new Map<string, boolean>();

/**
 * Loading these, and what they load themselves, changes nothing for the app: they only declare. Of any other
 * package it is not known what it does when it is loaded, such as reading `.env`.
 */
function isConstructLibrary(of: string): boolean {
  let found = libraries.get(of);
  if (found === undefined) {
    found = readIsConstructLibrary(of);
    libraries.set(of, found);
  }
  return found;
}

function readIsConstructLibrary(of: string): boolean {
  try {
    const read = JSON.parse(readFileSync(join(of, "package.json"), "utf8")) as PackageFile;
    const names = Object.keys({ ...read.dependencies, ...read.peerDependencies });
    return [read.name, ...names].some((name) => name === "constructs") || read.name === "typescript";
  } catch {
    return false;
  }
}

interface PackageFile {
  readonly name?: string;
  readonly dependencies?: object;
  readonly peerDependencies?: object;
}

/** Ends this process where what it has loaded is no longer what is installed, or nobody is there to ask. */
async function waitAt(path: string): Promise<void> {
  const socket = connect(path);
  await new Promise<void>((resolve) => {
    socket.on("error", () => process.exit(1));
    socket.on("close", () => process.exit(1));
    socket.write(`${process.pid}\n`);
    socket.once("data", () => resolve());
  });
  const isStale = haveChanged([...modules], began) || settingsOf(process.cwd()).some(isNewer);
  socket.removeAllListeners("close");
  await new Promise<void>((resolve) => socket.end(isStale ? "stale\n" : "fresh\n", resolve));
  if (isStale) process.exit(1);
  socket.destroy();
}

const isNewer = (path: string): boolean =>
  (lstatSync(path, { throwIfNoEntry: false })?.ctimeMs ?? 0) >= began;

/** What a program may have read when it started, such as `.env` or `tsconfig.json`. */
const settingsOf = (of: string): string[] =>
  readdirSync(of)
    .filter((name) => name.startsWith(".") || name.endsWith(".json"))
    .map((name) => join(of, name));

const folder = process.env[LOADED_FOLDER_VARIABLE];
if (folder !== undefined && isMainThread && typeof nodeModule.registerHooks === "function") {
  recordLoaded(folder);
  const standBy = process.env[STAND_BY_VARIABLE];
  if (standBy !== undefined) {
    const { before, socket } = JSON.parse(standBy) as { readonly before: string; readonly socket: string };
    const same = readLoaded(before).find((one) => isSame(one.argv));
    // `npx` and the like are let through: what they start is what waits.
    if (same !== undefined) {
      await load(same.modules);
      await waitAt(socket);
      // What the app starts itself does not wait.
      Reflect.deleteProperty(process.env, STAND_BY_VARIABLE);
    }
  }
}
