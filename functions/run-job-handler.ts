import {
  withDurableExecution,
  type DurableContext,
  type DurableLambdaHandler,
  type RetryDecision,
} from "@aws/durable-execution-sdk-js";
import type { Context } from "aws-lambda";
import type { Sleep } from "../src/dynamodb/backoff.ts";
import { createPlainFunction, type Call, type CallDependencies } from "../src/http/endpoint.ts";
import { UnreadOutcomeError } from "../src/http/unread-outcome.ts";
import { carryOutStep } from "../src/jobs/carry-out.ts";
import { isJobId, type Job } from "../src/jobs/job.ts";
import type { JobStore } from "../src/jobs/store.ts";
import { planOf, secondsFor } from "../src/jobs/plan.ts";
import { logOutUsers, type LogOutUsersDependencies } from "./log-out-users.ts";

export interface RunJobDependencies extends CallDependencies, LogOutUsersDependencies {
  readonly jobs: JobStore;
  readonly sleep: Sleep;
}

/** What a run of a job is started with. */
export interface RunJobEvent {
  readonly jobId: string;
}

/** Users of a step are still to be logged out: the execution tries the step again, after a while. */
export class StepUnfinishedError extends UnreadOutcomeError {
  override readonly name = "StepUnfinishedError";
}

/** For what is under way when an invocation ends. */
const MARGIN_MS = 5000;
/** One call of the administrators' logout; what it does not get done, the next one does. */
const CALL_MS = 60_000;

/**
 * The function that logs out a list: a Lambda durable function. Lambda writes down which parts of the list
 * are done, invokes it again after a crash, a timeout or a wait, and with that it goes on where it was. What
 * it writes down are numbers: whose turn it is, and what came of them, is in the jobs table, so that a run
 * that is lost as a whole can be replaced by another (`carryOutStep`).
 */
export function createRunJobHandler(dependencies: RunJobDependencies): DurableLambdaHandler {
  const { jobs } = dependencies;
  const carryOut = createPlainFunction(dependencies, "run-job", (call: Call<StepTurn>) =>
    takeTurn(call, dependencies),
  );
  const account = createPlainFunction(dependencies, "run-job", (call: Call<JobPhase>) => writeAccount(call));

  async function takePart(jobId: string, [first, end]: readonly [number, number], context: Context) {
    const job = await openJob(jobs, jobId);
    for (let step = first; step < end; step++) {
      const startedAt = performance.now();
      const users = await carryOut({ job, step }, context);
      const left = secondsFor(users, job) * 1000 - (performance.now() - startedAt);
      if (left > 0) await dependencies.sleep(left);
    }
  }

  return withDurableExecution(async (event: Partial<RunJobEvent>, durable: DurableContext) => {
    const jobId = readJobId(event);
    const { lambdaContext: context } = durable;
    const size = await durable.step("open", async () => {
      const job = await openJob(jobs, jobId);
      await account({ job, phase: "begun" }, context);
      return { steps: job.steps, rate: job.rate };
    });
    const { parts, partsInAnInvocation } = planOf(size);
    for (const [index, part] of parts.entries()) {
      if (index > 0 && index % partsInAnInvocation === 0) await durable.wait(`before-${index}`, A_MOMENT);
      try {
        await durable.step(`part-${index}`, () => takePart(jobId, part, context), {
          retryStrategy: triesAgain,
        });
      } catch {
        // The others come first; the job ends as unfinished, and says so.
      }
    }
    return durable.step("end", async () => {
      const job = await jobs.end(jobId);
      if (job === undefined) throw new Error(`the job ${jobId} is not there any more`);
      await account({ job, phase: "ended" }, context);
      return { state: job.state };
    });
  });
}

const A_MOMENT = { seconds: 1 };
const TRIES = 12;
const FIRST_WAIT_SECONDS = 5;
const LONGEST_WAIT_SECONDS = 300;

/** For half an hour: a database that is throttled, or away, is back by then, or somebody has been woken. */
function triesAgain(_error: Error, attempt: number): RetryDecision {
  if (attempt >= TRIES) return { shouldRetry: false };
  const seconds = Math.min(FIRST_WAIT_SECONDS * 2 ** (attempt - 1), LONGEST_WAIT_SECONDS);
  return { shouldRetry: true, delay: { seconds } };
}

/** @throws Error where the event names no job. */
function readJobId({ jobId }: Partial<RunJobEvent>): string {
  if (typeof jobId === "string" && isJobId(jobId)) return jobId;
  throw new Error("the event has no jobId: `sessions revoke --file` makes a job and starts it");
}

/** @throws Error where there is no such job. */
async function openJob(jobs: JobStore, jobId: string): Promise<Job> {
  const job = await jobs.get(jobId);
  if (job === undefined) throw new Error(`there is no job ${jobId}`);
  return job;
}

interface StepTurn {
  readonly job: Job;
  readonly step: number;
}

/**
 * @returns for how many users something was done.
 * @throws StepUnfinishedError where users of the step are left.
 */
async function takeTurn(
  { input: { job, step }, record, requestId, remainingMs }: Call<StepTurn>,
  dependencies: RunJobDependencies,
): Promise<number> {
  const { actor, includeAdmins, reason } = job;
  const outcome = await carryOutStep(job, step, {
    jobs: dependencies.jobs,
    logOut({ userIds, dryRun }) {
      const budgetMs = Math.min(remainingMs() - MARGIN_MS, CALL_MS);
      const request = { userIds, actor, includeAdmins, reason, dryRun };
      // The look before a step is no act, and has no lines.
      const account = dryRun && !job.dryRun ? { ...record, audit: () => undefined } : record;
      return logOutUsers(request, budgetMs, { record: account, requestId }, dependencies);
    },
  });
  if (outcome.outcome === "unfinished") {
    throw new StepUnfinishedError(`${outcome.count} users of step ${step} are still to be logged out`);
  }
  return outcome.outcome === "done" ? outcome.users : 0;
}

interface JobPhase {
  readonly job: Job;
  readonly phase: "begun" | "ended";
}

/** The account of a job in the log. Its steps have lines of their own, as any administrators' logout. */
function writeAccount({ input: { job, phase }, record }: Call<JobPhase>): Promise<void> {
  const { id, actor, includeAdmins, reason, dryRun, users, usersDone } = job;
  record.audit({
    ...{ action: "log_out_list", jobId: id, actor, includeAdmins, phase, requested: users },
    ...(reason !== undefined && { reason }),
    ...(dryRun && { dryRun }),
    ...(phase === "ended" && {
      outcome: usersDone === users ? "finished" : "unfinished",
      ...{ loggedOut: job.loggedOut, sessionCount: job.sessionCount, skipped: job.skipped },
      unfinished: users - usersDone,
    }),
  });
  return Promise.resolve();
}
