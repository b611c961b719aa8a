import { readFile } from "node:fs/promises";
import { cpus } from "node:os";
import type { SpeedResults } from "./results.ts";

const OWN = ["@aws-sdk/client-dynamodb", "@aws-sdk/lib-dynamodb"];

/**
 * What the numbers depend on most. Both package files pin exact versions, so that these are the installed
 * ones.
 */
export async function describeMachine(): Promise<Pick<SpeedResults, "versions" | "processors">> {
  const own = await dependenciesIn("../../package.json");
  const peers = await dependenciesIn("../package.json");
  const all = cpus();
  return {
    versions: {
      "Node.js": process.versions.node,
      ...Object.fromEntries(OWN.map((name) => [name, own[name] ?? "unknown"])),
      ...peers,
    },
    processors: { model: all[0]?.model.trim() ?? "unknown", count: all.length },
  };
}

async function dependenciesIn(file: string): Promise<Record<string, string>> {
  const text = await readFile(new URL(file, import.meta.url), "utf8");
  return (JSON.parse(text) as { dependencies: Record<string, string> }).dependencies;
}
