import { REAL_WAITING } from "../src/dynamodb/backoff.ts";
import { createRunJobHandler } from "./run-job-handler.ts";
import { wireJobStore } from "./job-store.ts";
import type { Parts } from "./parts.ts";
import { wireDirectory, wireStore } from "./wiring.ts";

/**
 * The durable function that logs out a list, in a file of its own: the SDK of durable functions is in no
 * other bundle.
 */
export const wireRunJob = (parts: Parts) =>
  createRunJobHandler({
    clock: Date.now,
    ...REAL_WAITING,
    ...parts,
    store: parts.store ?? wireStore(parts),
    directory: wireDirectory(parts),
    jobs: wireJobStore(parts),
  });
