import { randomBytes } from "node:crypto";
import { logOutUsers, type LogOutUsersRequest } from "../../functions/log-out-users.ts";
import { REAL_WAITING } from "../../src/dynamodb/backoff.ts";
import { carryOutStep, type CarryOutDependencies } from "../../src/jobs/carry-out.ts";
import { DEFAULT_RATE, type Job, type JobRequest } from "../../src/jobs/job.ts";
import { createJobStore } from "../../src/jobs/create-job-store.ts";
import type { JobStore } from "../../src/jobs/store.ts";
import { recordTelemetry } from "../http/recorded-telemetry.ts";
import { createJobsTable } from "../support/dynamodb.ts";
import { createTestStore, type TestClock, type TestStore } from "../support/store.ts";

/** Jobs over tables of their own, and the administrators' logout that they use. */
export interface JobWorld extends TestStore {
  readonly jobs: JobStore;
  readonly logOut: CarryOutDependencies["logOut"];
  /** A job with its list, started. */
  readonly begin: (steps: readonly (readonly string[])[], request?: Partial<JobRequest>) => Promise<Job>;
  /** Carries out a step as the function does, once. */
  readonly carryOut: (job: Job, step: number, changed?: Partial<CarryOutDependencies>) => Promise<unknown>;
}

const REQUEST: JobRequest = { actor: "carol", includeAdmins: false, dryRun: false, rate: DEFAULT_RATE };

export async function createJobWorld(): Promise<JobWorld> {
  const test = await createTestStore();
  const { store, documents } = test;
  const clock: TestClock = test.clock;
  const tableName = await createJobsTable();
  const jobs = createJobStore({
    ...{ documents, tableName, clock: clock.read, random: randomBytes },
    ...REAL_WAITING,
  });
  const dependencies = { store, directory: undefined, clock: clock.read };
  const logOut: CarryOutDependencies["logOut"] = (asked) => {
    const request: LogOutUsersRequest = { ...asked, actor: "carol", includeAdmins: false };
    const call = { record: recordTelemetry().telemetry.begin(), requestId: "request" };
    return logOutUsers(request, 60_000, call, dependencies);
  };
  return {
    ...test,
    jobs,
    logOut,
    async begin(steps, request = {}) {
      const made = await jobs.create({ ...REQUEST, ...request });
      for (const [step, userIds] of steps.entries()) await jobs.writeStep(made, step, userIds);
      const job = await jobs.start(made.id, { steps: steps.length, users: steps.flat().length });
      if (job === undefined) throw new Error("the job is not there");
      return job;
    },
    carryOut: (job, step, changed = {}) => carryOutStep(job, step, { jobs, logOut, ...changed }),
  };
}
