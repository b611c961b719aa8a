import { randomBytes } from "node:crypto";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { REAL_WAITING } from "../../src/dynamodb/backoff.ts";
import { createJobStore } from "../../src/jobs/create-job-store.ts";
import type { JobStore } from "../../src/jobs/store.ts";
import { runInvocation, type StartRun } from "../../src/jobs/start-run.ts";
import { OperatorError } from "../messages.ts";
import type { SessionsContext } from "../sessions/command.ts";

/** The jobs of one construct, and what sets them going. */
export interface Jobs {
  readonly store: JobStore;
  /** Starts a run of a job, which then goes on without this command. */
  readonly run: StartRun;
}

/**
 * The jobs of the construct.
 * @throws OperatorError where it has none: its setting `jobs` is off, or its version is older.
 */
export function connectJobs({ located, documents }: SessionsContext): Jobs {
  const { jobsTable, runJobFunction, title } = located;
  if (jobsTable === undefined || runJobFunction === undefined) {
    throw new OperatorError(
      `${title} has no jobs: its setting \`jobs\` is off, or it was deployed by a version that had none. ` +
        "User ids in the command line go without, up to some thousands.",
    );
  }
  const dependencies = { documents, tableName: jobsTable, clock: Date.now, random: randomBytes };
  return {
    store: createJobStore({ ...dependencies, ...REAL_WAITING }),
    async run(job) {
      const client = new LambdaClient(located.lambda);
      try {
        await client.send(new InvokeCommand(runInvocation(runJobFunction, job)));
      } finally {
        client.destroy();
      }
    },
  };
}
