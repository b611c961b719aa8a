import { randomBytes } from "node:crypto";
import { REAL_WAITING } from "../src/dynamodb/backoff.ts";
import { createJobStore } from "../src/jobs/create-job-store.ts";
import type { JobStore } from "../src/jobs/store.ts";
import { ENVIRONMENT } from "../src/runtime/function-settings.ts";
import { missing, type Parts } from "./parts.ts";

/** What a store of jobs is made of. */
export type JobParts = Pick<
  Parts,
  "documents" | "tables" | "clock" | "random" | "sleep" | "jitter" | "stopwatch"
>;

/** @throws Error where there is no jobs table. */
export function wireJobStore({ tables, ...parts }: JobParts): JobStore {
  const { jobs: tableName } = tables;
  if (tableName === undefined) throw missing(ENVIRONMENT.jobsTable);
  return createJobStore({ clock: Date.now, random: randomBytes, ...REAL_WAITING, ...parts, tableName });
}
