import { existsSync, readFileSync } from "node:fs";
import { SourceMap, type SourceMapPayload } from "node:module";
import { fileURLToPath } from "node:url";

/** This file: in a deployed function, the bundle. */
const BUNDLE = fileURLToPath(import.meta.url);
const PLACE = /(?:file:\/\/)?(\/[^\s():]+):(\d+):(\d+)/g;

let sourceMap: SourceMap | "none" | undefined;

/**
 * A stack trace whose places in the bundle are those in the sources, by the source map beside the bundle.
 * Node would do so itself (`--enable-source-maps`), and read the map at each cold start for it; this reads it
 * at the first fault.
 */
export function readableStack(stack: string): string {
  sourceMap ??= readSourceMap();
  if (sourceMap === "none") return stack;
  const map = sourceMap;
  return stack.replaceAll(PLACE, (place, file: string, line: string, column: string) => {
    if (file !== BUNDLE) return place;
    const origin = map.findOrigin(Number(line), Number(column));
    return "fileName" in origin ? `${origin.fileName}:${origin.lineNumber}:${origin.columnNumber}` : place;
  });
}

function readSourceMap(): SourceMap | "none" {
  const file = `${BUNDLE}.map`;
  if (!existsSync(file)) return "none";
  return new SourceMap(JSON.parse(readFileSync(file, "utf8")) as SourceMapPayload);
}
