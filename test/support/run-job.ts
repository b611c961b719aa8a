import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { REAL_WAITING } from "../../src/dynamodb/backoff.ts";
import type { DocumentClient } from "../../src/dynamodb/document-client.ts";
import { createJobStore } from "../../src/jobs/create-job-store.ts";
import { HIGHEST_RATE, type Job, type JobRequest } from "../../src/jobs/job.ts";
import { runInvocation } from "../../src/jobs/start-run.ts";
import type { JobStore } from "../../src/jobs/store.ts";
import { LOCAL } from "./local-client.ts";

/** A stack that runs here. */
export interface JobStack {
  readonly url: string;
  readonly tables: Readonly<Record<string, string>>;
}

/** The name of the function, as the local stack has it. */
export const JOB_FUNCTION = "run-job";

/** The name of a stack's jobs table. */
export function jobsTableOf({ tables }: Pick<JobStack, "tables">): string {
  const [, tableName] = Object.entries(tables).find(([id]) => id.startsWith("Sessionsjobstable")) ?? [];
  if (tableName === undefined) throw new Error("the stack has no jobs table");
  return tableName;
}

/** The jobs of a stack. */
export function jobsOf(documents: DocumentClient, stack: Pick<JobStack, "tables">): JobStore {
  const tableName = jobsTableOf(stack);
  return createJobStore({ documents, tableName, clock: Date.now, random: randomBytes, ...REAL_WAITING });
}

/** Starts a run of a job, as the command does. */
export async function runJob({ url }: Pick<JobStack, "url">, job: Job): Promise<void> {
  const lambda = new LambdaClient({ ...LOCAL, endpoint: url });
  try {
    await lambda.send(new InvokeCommand(runInvocation(JOB_FUNCTION, job)));
  } finally {
    lambda.destroy();
  }
}

/** Logs users out by a job, and waits until it has ended. */
export async function logOutByJob(
  stack: JobStack,
  documents: DocumentClient,
  userIds: readonly string[],
  request: Partial<JobRequest> = {},
): Promise<Job> {
  const jobs = jobsOf(documents, stack);
  const made = await jobs.create({
    ...{ actor: "tests", includeAdmins: false, dryRun: false, rate: HIGHEST_RATE },
    ...request,
  });
  await jobs.writeStep(made, 0, userIds);
  let job = await jobs.start(made.id, { users: userIds.length, steps: 1 });
  if (job !== undefined) await runJob(stack, job);
  while (job?.state === "running") {
    await sleep(50);
    job = await jobs.get(made.id);
  }
  if (job === undefined) throw new Error("the job is gone");
  return job;
}
