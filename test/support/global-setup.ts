import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { startDatabases } from "./databases.ts";
import { scanRecording } from "./log-scan/report.ts";
import { startSynthesizer } from "./synthesizer.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** Where a process that runs test files asks for its database. */
    databasesUrl: string;
    /** Where this run keeps the cloud assemblies it synthesized. */
    synthesisFolder: string;
    /** Where the test files of this run leave their log lines and secrets, which are compared at its end. */
    logScanFolder: string;
  }
}

/**
 * The databases of the processes that run test files, and one process that synthesizes their stacks.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const synthesisFolder = await mkdtemp(join(tmpdir(), "single-session-test-"));
  const databases = await startDatabases();
  const stopSynthesizer = await startSynthesizer(synthesisFolder);
  project.provide("databasesUrl", databases.url);
  project.provide("synthesisFolder", synthesisFolder);
  const logScanFolder = await mkdtemp(join(tmpdir(), "single-session-logs-"));
  project.provide("logScanFolder", logScanFolder);
  return async () => {
    await databases.stop();
    await stopSynthesizer();
    await rm(synthesisFolder, { recursive: true, force: true });
    const scan = scanRecording(logScanFolder);
    await rm(logScanFolder, { recursive: true, force: true });
    // Vitest fails the run for a teardown that throws.
    if (scan.outcome === "leaked") throw new Error(scan.text);
    process.stdout.write(`${scan.text}\n`);
  };
}
