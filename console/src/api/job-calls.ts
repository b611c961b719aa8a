import { GET_JOB } from "../../../src/api/get-job.ts";
import { LIST_JOBS } from "../../../src/api/list-jobs.ts";
import { RESUME_JOB } from "../../../src/api/resume-job.ts";
import { START_JOB } from "../../../src/api/start-job.ts";
import type { JobView } from "../../../src/api/parts/shapes.ts";
import { call, type ApiAnswer } from "./call.ts";

export interface StartJobOptions {
  readonly includeAdmins: boolean;
  /** Why, for administrators. */
  readonly reason?: string | undefined;
}

/** Makes a job of a list, which then goes on by itself. */
export const startJob = (
  userIds: readonly string[],
  { includeAdmins, reason }: StartJobOptions,
): Promise<ApiAnswer<JobView>> =>
  call(START_JOB, { body: { userIds, includeAdmins, ...(reason !== undefined && { reason }) } });

/** How far a job is. */
export const getJob = (id: string): Promise<ApiAnswer<JobView>> => call(GET_JOB, { parameters: { id } });

/** The jobs of the last 14 days, the newest first. */
export const listJobs = () => call(LIST_JOBS);

/** Starts a job again for those who are left. */
export const resumeJob = (id: string): Promise<ApiAnswer<JobView>> =>
  call(RESUME_JOB, { parameters: { id } });
