import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Mutation } from "./mutation.ts";

const REPOSITORY = fileURLToPath(new URL("../../", import.meta.url));
const COPIED = ["package.json", "src", "functions"];

/** A copy of the product's sources in a temporary folder. */
export interface ProductCopy {
  /** Its root, ending in a slash. */
  readonly root: URL;
  remove(): Promise<void>;
}

/**
 * Copies the product's sources and puts a mutation into them; the product itself knows of none.
 * @throws Error naming the mutation whose text does not occur exactly once.
 */
export async function copyProduct(mutation?: Pick<Mutation, "name" | "patches">): Promise<ProductCopy> {
  const folder = await mkdtemp(join(tmpdir(), "single-session-copy-"));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    for (const part of COPIED) await cp(join(REPOSITORY, part), join(folder, part), { recursive: true });
    await symlink(join(REPOSITORY, "node_modules"), join(folder, "node_modules"));
    for (const { file, find, replace } of mutation?.patches ?? []) {
      const text = await readFile(join(folder, file), "utf8");
      const [before = "", after, ...more] = text.split(find);
      if (after === undefined || more.length > 0) {
        const times = after === undefined ? "does not occur" : `occurs ${more.length + 1} times`;
        throw new Error(
          `the mutation "${mutation?.name ?? ""}" changes text of ${file} that ${times}: ${find}`,
        );
      }
      await writeFile(join(folder, file), before + replace + after);
    }
  } catch (error) {
    await remove();
    throw error;
  }
  return { root: pathToFileURL(`${folder}/`), remove };
}
