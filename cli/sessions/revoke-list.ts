import { InvalidArgumentError } from "commander";
import { DEFAULT_RATE, HIGHEST_RATE, isJobId, LOWEST_RATE, type JobRequest } from "../../src/jobs/job.ts";
import { LONGEST_PART_SECONDS, partSeconds } from "../../src/jobs/plan.ts";
import { INTERRUPTED } from "../interruption.ts";
import { connectJobs } from "../jobs/connect-jobs.ts";
import { fillJob } from "../../src/jobs/fill-job.ts";
import { showProgress } from "../jobs/progress.ts";
import { jobOf, watchJob } from "../jobs/watch-job.ts";
import { OperatorError, UsageError } from "../messages.ts";
import type { SessionsContext } from "./command.ts";

/** What of the options a list needs. */
export interface ListOptions {
  readonly includeAdmins?: true;
  readonly dryRun?: true;
  readonly reason?: string;
  readonly rate?: number;
  readonly actor: string;
}

/** Makes a job of a list, starts it, and watches it. */
export async function revokeList(
  context: SessionsContext,
  userIds: readonly string[],
  options: ListOptions,
): Promise<number> {
  const { reason, rate = DEFAULT_RATE, actor } = options;
  const request: JobRequest = {
    ...{ actor, rate, includeAdmins: options.includeAdmins === true, dryRun: options.dryRun === true },
    ...(reason !== undefined && { reason }),
  };
  refuseTooLong(userIds.length, rate);
  const jobs = connectJobs(context);
  const signal = context.signal();
  const made = await jobs.store.create(request);
  const progress = showProgress("Writing the list", userIds.length, 0);
  const size = await fillJob(jobs.store, made, userIds, signal, progress.update).finally(progress.stop);
  if (size === undefined) {
    context.show({
      text: "Stopped before the list was written: nobody was logged out.",
      json: { id: made.id, state: made.state },
    });
    return INTERRUPTED;
  }
  const job = await jobs.store.start(made.id, size);
  if (job === undefined) throw new OperatorError(`The job ${made.id} is not there any more.`);
  await jobs.run(job);
  console.error(`Job ${job.id} has begun. It goes on without this command.`);
  return watchJob(context, jobs, job);
}

/** @throws UsageError where one step of the execution would take longer than an invocation of Lambda. */
function refuseTooLong(users: number, rate: number): void {
  if (partSeconds({ steps: Math.ceil(users / 1000), rate }) <= LONGEST_PART_SECONDS) return;
  throw new UsageError(`${users} users at ${rate} a second take too long: raise --rate, or divide the list.`);
}

/** Watches a job that was started before. */
export async function attach(context: SessionsContext, jobId: string): Promise<number> {
  const jobs = connectJobs(context);
  const job = await jobOf(jobs.store, jobId);
  if (job.state === "filling") throw neverStarted(jobId);
  return watchJob(context, jobs, job);
}

/** Starts another run of a job, for the users who are left, and watches it. */
export async function resume(context: SessionsContext, jobId: string): Promise<number> {
  const jobs = connectJobs(context);
  const before = await jobOf(jobs.store, jobId);
  if (before.state === "finished") return watchJob(context, jobs, before);
  const job = await jobs.store.start(jobId);
  if (job === undefined) throw neverStarted(jobId);
  await jobs.run(job);
  return watchJob(context, jobs, job);
}

const neverStarted = (jobId: string): OperatorError =>
  new OperatorError(
    `The list of the job ${jobId} was not written to its end, and nobody of it was logged out. ` +
      "Begin again with --file.",
  );

/** An option that is a job's id. */
export function jobIdArgument(text: string): string {
  if (isJobId(text)) return text;
  throw new InvalidArgumentError(
    "A job's id is as 20261130T071500-3f9a2c1b77d0: `sessions jobs` lists them.",
  );
}

/** `--rate`. */
export function rateArgument(text: string): number {
  const rate = Number(text);
  if (/^\d+$/.test(text) && rate >= LOWEST_RATE && rate <= HIGHEST_RATE) return rate;
  throw new InvalidArgumentError(`It is a whole number from ${LOWEST_RATE} to ${HIGHEST_RATE}.`);
}
