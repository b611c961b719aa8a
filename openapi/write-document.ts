import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { JsonObject } from "../src/api/parts/json.ts";

/** Writes a document to the file that the command line names; to the standard output where it names none. */
export async function writeDocument(document: JsonObject): Promise<void> {
  const text = `${JSON.stringify(document, undefined, 2)}\n`;
  const [file] = process.argv.slice(2);
  if (file === undefined) process.stdout.write(text);
  else {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}
