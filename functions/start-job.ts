import type { ProblemCode } from "../src/api/parts/problem-codes.ts";
import { fillJob } from "../src/jobs/fill-job.ts";
import type { Job, JobRequest } from "../src/jobs/job.ts";
import type { StartRun } from "../src/jobs/start-run.ts";
import type { JobStore } from "../src/jobs/store.ts";
import type { AuditFields } from "../src/runtime/telemetry.ts";
import type { ActingCall, KeepAct } from "./administrators-acts.ts";

export interface StartJobDependencies {
  readonly jobs: Pick<JobStore, "create" | "writeStep" | "start" | "end">;
  readonly startRun: StartRun;
  /** Absent where activity is off. */
  readonly keepAct?: KeepAct | undefined;
}

/** Makes a job of a list, each of whose ids is there once, and sets it going. */
export async function startJob(
  request: JobRequest & { readonly userIds: readonly string[] },
  call: ActingCall,
  dependencies: StartJobDependencies,
): Promise<Job> {
  const { userIds, ...wanted } = request;
  const asked = { ...request, users: userIds.length };
  return withAccount(call, asked, dependencies, async () => {
    const { jobs } = dependencies;
    const made = await jobs.create(wanted);
    const size = await fillJob(jobs, made, userIds, NEVER, () => undefined);
    return setGoing(made.id, size, dependencies);
  });
}

const NEVER = new AbortController().signal;

/** Starts another run of a job, for those who are left. */
export async function resumeJob(
  job: Job,
  actor: string,
  call: ActingCall,
  dependencies: StartJobDependencies,
): Promise<Job> {
  return withAccount(call, resumed(job, actor), dependencies, () =>
    setGoing(job.id, undefined, dependencies),
  );
}

/** A job whose run was not taken goes on no more by itself: it can be resumed. */
async function setGoing(
  jobId: string,
  size: Pick<Job, "users" | "steps"> | undefined,
  { jobs, startRun }: StartJobDependencies,
): Promise<Job> {
  const job = await jobs.start(jobId, size);
  if (job === undefined) throw new Error(`the job ${jobId} is not there any more`);
  try {
    await startRun(job);
  } catch (error) {
    await jobs.end(jobId);
    throw error;
  }
  return job;
}

/** What was asked for, as far as it is known. */
export interface AskedForJob extends Pick<JobRequest, "actor"> {
  readonly includeAdmins?: boolean;
  readonly dryRun?: boolean;
  readonly reason?: string | undefined;
  /** How many it is about. */
  readonly users?: number;
  /** All of them, or none where they are not at hand. */
  readonly userIds?: readonly string[];
  /** Of a job that is resumed. */
  readonly jobId?: string;
}

/** The same of a job that is resumed. */
export const resumed = (
  { id, includeAdmins, dryRun, reason, users, usersDone }: Job,
  actor: string,
): AskedForJob => ({ actor, includeAdmins, dryRun, reason, users: users - usersDone, jobId: id });

/** The account of a job that the caller may not start. */
export async function refuseJob(
  call: ActingCall,
  asked: AskedForJob,
  code: ProblemCode,
  { keepAct }: Pick<StartJobDependencies, "keepAct">,
): Promise<void> {
  call.record.audit({ ...auditOf(asked), outcome: "refused", code });
  await keepAct?.(call, { ...actOf(asked), outcome: "refused" });
}

/** The account of a start in the log, and the record of the act, however it ends. */
async function withAccount(
  call: ActingCall,
  asked: AskedForJob,
  { keepAct }: Pick<StartJobDependencies, "keepAct">,
  start: () => Promise<Job>,
): Promise<Job> {
  let job: Job;
  try {
    job = await start();
  } catch (error) {
    call.record.audit({ ...auditOf(asked), outcome: "failed" });
    await keepAct?.(call, { ...actOf(asked), outcome: "failed" });
    throw error;
  }
  call.record.audit({ ...auditOf(asked), jobId: job.id, outcome: "finished" });
  await keepAct?.(call, { ...actOf(asked), outcome: job.dryRun ? "dry-run" : "done" });
  return job;
}

/** Without the names: the lines of the job's steps have them. */
function auditOf({ actor, includeAdmins, dryRun, reason, users, jobId }: AskedForJob): AuditFields {
  return {
    ...{ action: "start_job", actor },
    ...(includeAdmins !== undefined && { includeAdmins }),
    ...(users !== undefined && { requested: users }),
    ...(reason !== undefined && { reason }),
    ...(dryRun === true && { dryRun }),
    ...(jobId !== undefined && { jobId }),
  };
}

const actOf = ({ actor, reason, userIds = [], users = 0 }: AskedForJob) =>
  ({ action: "start_job", actor, targets: userIds, targetCount: users, reason }) as const;
