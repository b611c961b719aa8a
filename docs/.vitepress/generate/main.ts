import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeConstructPages } from "./construct.ts";
import { httpApiPage } from "./http-api.ts";
import { problemsPage } from "./problems.ts";

/** Writes the pages of the reference that are made of the code. They are not in git. */
const FOLDER = join(import.meta.dirname, "../../reference");

await writeFile(join(FOLDER, "http-api.md"), httpApiPage());
await writeFile(join(FOLDER, "problems.md"), problemsPage());
await writeConstructPages(join(FOLDER, "construct"));
