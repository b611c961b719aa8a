import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { startDynamoDbLocal } from "../../local/dynamodb-local.ts";
import { scanRecording } from "./log-scan/report.ts";
import { startSynthesizer } from "./synthesizer.ts";

declare module "vitest" {
  export interface ProvidedContext {
    dynamoDbEndpoint: string;
    /** Where this run keeps the cloud assemblies it synthesized. */
    synthesisFolder: string;
    /** Where the test files of this run leave their log lines and secrets, which are compared at its end. */
    logScanFolder: string;
  }
}

/**
 * One DynamoDB Local for all test files, of which each makes tables of its own in it, and one process that
 * synthesizes their stacks.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const synthesisFolder = await mkdtemp(join(tmpdir(), "single-session-test-"));
  const database = await startDynamoDbLocal();
  const stopSynthesizer = await startSynthesizer(synthesisFolder);
  project.provide("dynamoDbEndpoint", database.endpoint);
  project.provide("synthesisFolder", synthesisFolder);
  const logScanFolder = await mkdtemp(join(tmpdir(), "single-session-logs-"));
  project.provide("logScanFolder", logScanFolder);
  return async () => {
    await database.stop();
    await stopSynthesizer();
    await rm(synthesisFolder, { recursive: true, force: true });
    const scan = scanRecording(logScanFolder);
    await rm(logScanFolder, { recursive: true, force: true });
    // Vitest fails the run for a teardown that throws.
    if (scan.outcome === "leaked") throw new Error(scan.text);
    process.stdout.write(`${scan.text}\n`);
  };
}
