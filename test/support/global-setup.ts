import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { startDynamoDbLocal } from "../../local/dynamodb-local.ts";

declare module "vitest" {
  export interface ProvidedContext {
    dynamoDbEndpoint: string;
    /** Where this run keeps the cloud assemblies it synthesized. */
    synthesisFolder: string;
  }
}

/** One DynamoDB Local for all test files; each makes tables of its own in it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const synthesisFolder = await mkdtemp(join(tmpdir(), "single-session-test-"));
  const database = await startDynamoDbLocal();
  project.provide("dynamoDbEndpoint", database.endpoint);
  project.provide("synthesisFolder", synthesisFolder);
  return async () => {
    await database.stop();
    await rm(synthesisFolder, { recursive: true, force: true });
  };
}
