import { setTimeout as sleep } from "node:timers/promises";
import type { BatchDependencies } from "../../src/dynamodb/batch.ts";

/** What batches of one table need. */
export const batches = (documents: BatchDependencies["documents"], tableName: string): BatchDependencies => ({
  documents,
  tableName,
  sleep,
  jitter: Math.random,
  stopwatch: () => performance.now(),
});
