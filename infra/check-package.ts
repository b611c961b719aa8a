/**
 * Packs the package as it would be published, and has its exports and types checked for both module systems.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "packed-"));
try {
  const output = execFileSync("npm", ["pack", "--json", "--pack-destination", folder], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [packed] = Object.values(JSON.parse(output) as Record<string, { readonly filename: string }>);
  const tarball = join(folder, packed?.filename ?? "");
  const checks = [
    ["publint", "run", tarball, "--strict"],
    // None of these has types: they are JSON.
    ["attw", tarball, "--exclude-entrypoints", "./events.json", "./openapi.json", "./package.json"],
  ];
  for (const check of checks) {
    const { status, stdout, stderr } = spawnSync("npx", ["--no", ...check], { encoding: "utf8" });
    if (status === 0) continue;
    process.stderr.write(stdout + stderr);
    process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true });
}
