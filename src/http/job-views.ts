import type { JobView } from "../api/parts/shapes.ts";
import type { Job } from "../jobs/job.ts";
import { toIsoTime } from "./views.ts";

/** A job as the API shows it. */
export function showJob(job: Job): JobView {
  const { id, state, actor, includeAdmins, dryRun, rate, reason, users, usersDone, endedAt } = job;
  return {
    ...{ id, state, actor, includeAdmins, dryRun, rate },
    ...(reason !== undefined && { reason }),
    ...{ users, usersDone, unfinished: users - usersDone },
    loggedOut: job.loggedOut,
    sessionCount: job.sessionCount,
    skipped: job.skipped,
    unknown: job.unknown,
    runs: job.runs,
    createdAt: toIsoTime(job.createdAt),
    updatedAt: toIsoTime(job.updatedAt),
    ...(endedAt !== undefined && { endedAt: toIsoTime(endedAt) }),
  };
}
