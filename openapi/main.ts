import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { openApiDocument } from "./document.ts";

/**
 * `npm run openapi [-- FILE]`: writes the document to the file, or to the standard output where none is
 * given.
 */
const text = `${JSON.stringify(openApiDocument(), undefined, 2)}\n`;
const [file] = process.argv.slice(2);
if (file === undefined) process.stdout.write(text);
else {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}
