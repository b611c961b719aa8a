import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

export interface Asset {
  readonly contentType: string;
  readonly body: Buffer;
}

/** Beside this file, in the sources and in the package. */
const FOLDER = join(import.meta.dirname, "page");
/** What pages of the lab load, and nothing else of the folder. */
const FILES = [
  "lab.html",
  "device.html",
  "entry.html",
  "lab.css",
  "lab.js",
  "device.js",
  "entry.js",
  "framed.js",
] as const;
export type AssetName = (typeof FILES)[number];

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
};

export const isAsset = (name: string): name is AssetName => (FILES as readonly string[]).includes(name);

/** A file of the lab's page. In the sources its scripts are TypeScript, which is bundled at its first use. */
export function createAssets(): (name: AssetName) => Promise<Asset> {
  const bundled = new Map<string, Promise<Buffer>>();
  return async function asset(name) {
    const file = join(FOLDER, name);
    const contentType = CONTENT_TYPES[name.split(".").at(-1) ?? ""] ?? "application/octet-stream";
    if (existsSync(file)) return { contentType, body: await readFile(file) };
    const body = bundled.get(name) ?? bundle(file.replace(/\.js$/, ".ts"));
    bundled.set(name, body);
    return { contentType, body: await body };
  };
}

async function bundle(entry: string): Promise<Buffer> {
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    logLevel: "silent",
  });
  return Buffer.from(outputFiles[0]?.contents ?? []);
}
