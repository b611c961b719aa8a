import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { IS_REPOSITORY, PACKAGE_FOLDER, requireFromHere } from "../package-place.ts";

/** The console's sources; in the package the built page itself. */
export const CONSOLE_FOLDER = join(PACKAGE_FOLDER, "console");

/**
 * What the page is made of: its sources, the client, the paths of the API, and the libraries by their
 * versions.
 */
const INPUTS = ["console", "client", "src/api", "package-lock.json"];

/**
 * Beside the installed libraries that are in it, and gone with them. Not `dist/`, all of which is published.
 * Each build has a folder of its own, named by its inputs and never changed: no synth can pull a file from
 * under another one.
 */
const BUILDS_FOLDER = join(PACKAGE_FOLDER, "node_modules", ".cache", "single-session-console");
const KEPT_MS = 24 * 60 * 60 * 1000;
const BUILD_TIMEOUT_MS = 300_000;

/**
 * The folder with the built page: `index.html` and `assets/`. In a clone it is built by the installed vite
 * when its sources have changed. Several processes may ask at once; each gets a whole build.
 * @param buildsFolder where builds are kept.
 * @throws Error with what vite says, when the page does not build.
 */
export function builtConsole(buildsFolder = BUILDS_FOLDER): string {
  if (!IS_REPOSITORY) return CONSOLE_FOLDER;
  const built = join(buildsFolder, inputsHash());
  if (existsSync(built)) {
    const now = new Date();
    utimesSync(built, now, now);
    return built;
  }
  mkdirSync(buildsFolder, { recursive: true });
  removeOldBuilds(buildsFolder);
  const working = mkdtempSync(join(buildsFolder, "working-"));
  try {
    runVite(working);
    publish(working, built);
  } finally {
    rmSync(working, { recursive: true, force: true });
  }
  return built;
}

function inputsHash(): string {
  const hash = createHash("sha256");
  for (const file of INPUTS.flatMap((name) => filesIn(name)).sort()) {
    const contents = readFileSync(join(PACKAGE_FOLDER, file));
    hash.update(`${file}\0${contents.length}\0`).update(contents);
  }
  return hash.digest("hex").slice(0, 16);
}

/** The file itself, or all files in the folder, as paths from the package's folder. */
function filesIn(name: string): string[] {
  if (!statSync(join(PACKAGE_FOLDER, name)).isDirectory()) return [name];
  return readdirSync(join(PACKAGE_FOLDER, name), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(PACKAGE_FOLDER.length + 1));
}

/** In a process of its own: a construct is made synchronously, and vite builds asynchronously. */
function runVite(outputFolder: string): void {
  const vite = join(dirname(requireFromHere.resolve("vite/package.json")), "bin", "vite.js");
  const { status, stderr, error } = spawnSync(
    process.execPath,
    [vite, "build", "--logLevel", "warn", "--emptyOutDir", "--outDir", outputFolder],
    {
      cwd: CONSOLE_FOLDER,
      encoding: "utf8",
      // Whatever this process is run as: React would bring its development build along.
      env: { ...process.env, NODE_ENV: "production" },
      stdio: ["ignore", "ignore", "pipe"],
      timeout: BUILD_TIMEOUT_MS,
    },
  );
  if (status === 0) return;
  throw new Error(
    "The console's page does not build (the setting console=false leaves it " +
      `out):\n${error?.message ?? stderr.trim()}`,
  );
}

/** Renaming succeeds for one of several builds of the same inputs; the others' are as good and go. */
function publish(working: string, built: string): void {
  try {
    renameSync(working, built);
  } catch (error) {
    if (!existsSync(built)) throw error;
  }
}

function removeOldBuilds(buildsFolder: string): void {
  const oldest = Date.now() - KEPT_MS;
  for (const name of readdirSync(buildsFolder)) {
    const folder = join(buildsFolder, name);
    const age = statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? oldest;
    if (age < oldest) rmSync(folder, { recursive: true, force: true });
  }
}
