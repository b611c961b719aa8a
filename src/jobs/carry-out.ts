import type { Job, JobRequest } from "./job.ts";
import type { JobStore } from "./store.ts";
import { mergeOutcomes, outcomesOf, type Answered, type Outcomes } from "./outcomes.ts";

/** What an administrators' logout, or a dry run of it, answers of some users. */
export interface LogOutAnswer extends Answered {
  readonly unfinished: readonly string[];
}

export interface CarryOutDependencies {
  readonly jobs: Pick<JobStore, "readStep" | "keepSeen" | "finishStep">;
  /** The administrators' logout of up to 1,000 users. */
  readonly logOut: (request: {
    readonly userIds: readonly string[];
    readonly dryRun: boolean;
  }) => Promise<LogOutAnswer>;
}

/** Users of a step are still to be logged out: it is to be carried out again, after a while. */
export interface StepUnfinished {
  readonly outcome: "unfinished";
  readonly count: number;
}
export type StepOutcome =
  | { readonly outcome: "done"; readonly users: number }
  /** Nothing was to do: an earlier attempt, or another run, had done it. */
  | { readonly outcome: "done-before" }
  | StepUnfinished;

/**
 * Carries out one step of a job. It may be broken off anywhere and carried out again, by the same run of the
 * job or another, also by two at once: everybody of it ends up logged out, and it is counted once and
 * exactly.
 *
 * For that, what is there to end is written down before anything is ended: ended sessions are in no second
 * answer. The result and the job's counts are then written in one transaction, which only the first one to
 * come gets through.
 */
export async function carryOutStep(
  job: Pick<Job, "id" | "createdAt"> & Pick<JobRequest, "dryRun">,
  step: number,
  { jobs, logOut }: CarryOutDependencies,
): Promise<StepOutcome> {
  const { userIds, seen: kept, done } = await jobs.readStep(job.id, step);
  const users = userIds.length;
  if (done !== undefined) return { outcome: "done-before" };

  let seen: Outcomes;
  if (kept === undefined) {
    const would = outcomesOf(userIds, await logOut({ userIds, dryRun: true }));
    seen = await jobs.keepSeen(job, step, would);
  } else seen = kept;
  if (job.dryRun) {
    await jobs.finishStep(job.id, step, seen);
    return { outcome: "done", users };
  }

  const answer = await logOut({ userIds, dryRun: false });
  if (answer.unfinished.length > 0) return { outcome: "unfinished", count: answer.unfinished.length };
  await jobs.finishStep(job.id, step, mergeOutcomes(seen, outcomesOf(userIds, answer)));
  return { outcome: "done", users };
}
