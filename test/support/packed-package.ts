import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { inject } from "vitest";
import packageFile from "../../package.json" with { type: "json" };
import { PROJECT_FOLDER } from "../../local/synthesize.ts";
import { makeOnce } from "./make-once.ts";

const run = promisify(execFile);

/** How long packing may take, or waiting for another test file that does it. */
export const PACKING_MS = 240_000;

/**
 * A project of somebody else's with these files, outside of this repository, where the packed package is
 * installed. The package is packed once a test run. The caller removes the folder.
 * @param files text by path in the project.
 */
export async function outsideProject(files: Readonly<Record<string, string>> = {}): Promise<string> {
  const installed = await installOnce();
  const folder = await mkdtemp(join(tmpdir(), "outside-"));
  await symlink(installed, join(folder, "node_modules"));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

/** A `node_modules` with the package as its tarball has it, and what npm would install beside it. */
async function installOnce(): Promise<string> {
  const made = await makeOnce(
    join(inject("synthesisFolder"), "packed-package"),
    async (folder) => {
      const { stdout } = await run("npm", ["pack", "--json", "--pack-destination", folder], {
        cwd: PROJECT_FOLDER,
      });
      const [packed] = Object.values(JSON.parse(stdout) as Record<string, { readonly filename: string }>);
      if (packed === undefined) throw new Error(`npm pack said ${stdout}`);
      const tarball = join(folder, packed.filename);
      const own = join(folder, "node_modules", "serverless-single-session");
      await mkdir(own, { recursive: true });
      await run("tar", ["-xzf", tarball, "--strip-components=1", "-C", own]);
      await rm(tarball);
      await linkDependencies(join(folder, "node_modules"));
    },
    PACKING_MS,
  );
  return join(made, "node_modules");
}

async function linkDependencies(folder: string): Promise<void> {
  const installed = join(PROJECT_FOLDER, "node_modules");
  for (const name of await readdir(installed)) {
    if (!name.startsWith(".")) await symlink(join(installed, name), join(folder, name));
  }
  await mkdir(join(folder, ".bin"));
  for (const name of await readdir(join(installed, ".bin"))) {
    await symlink(join(installed, ".bin", name), join(folder, ".bin", name));
  }
  const [name, path] = ["serverless-single-session", packageFile.bin["serverless-single-session"]] as const;
  await chmod(join(folder, name, path), 0o755);
  // Relative: the folder is moved when it is whole.
  await symlink(join("..", name, path), join(folder, ".bin", name));
}
