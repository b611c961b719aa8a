import { setTimeout as sleep } from "node:timers/promises";
import { LOST_AFTER_MS, type Job } from "../../src/jobs/job.ts";
import { INTERRUPTED } from "../interruption.ts";
import { EXIT_CODES, OperatorError } from "../messages.ts";
import type { SessionsContext } from "../sessions/command.ts";
import type { Jobs } from "./connect-jobs.ts";
import { exitCodeOf, jobInWords, jobView } from "./job-view.ts";
import { showProgress } from "./progress.ts";

const LOOKS_EVERY_MS = 1000;

/**
 * Shows how far a job is until it ends, and then what came of it. Ctrl-C ends the watching, and not the job.
 * @returns the exit code of the command.
 */
export async function watchJob(context: SessionsContext, { store }: Jobs, first: Job): Promise<number> {
  const signal = context.signal();
  const job = await followJob(store, first, signal).catch((error: unknown) => {
    // Of a job that is gone nothing goes on.
    if (!(error instanceof OperatorError)) console.error(`${LEFT} ${first.id}`);
    throw error;
  });
  if (job.state === "running") {
    const why = signal.aborted ? LEFT : LOST;
    context.show({ text: `${jobInWords(job)}\n${why} ${job.id}`, json: jobView(job) });
    return signal.aborted ? INTERRUPTED : EXIT_CODES.refused;
  }
  context.show({ text: jobInWords(job), json: jobView(job) });
  return exitCodeOf(job);
}

/** Until it ends, nothing happens to it any more, or the signal says stop. */
async function followJob(store: Jobs["store"], first: Job, signal: AbortSignal): Promise<Job> {
  const doing = first.dryRun ? "Looking" : "Logging out";
  const progress = showProgress(doing, first.users, first.usersDone);
  let job = first;
  try {
    while (job.state === "running" && !signal.aborted) {
      progress.update(job.usersDone);
      await sleep(LOOKS_EVERY_MS, undefined, { signal }).catch(() => undefined);
      job = await jobOf(store, job.id);
      if (Date.now() - job.updatedAt > LOST_AFTER_MS) break;
    }
    progress.update(job.usersDone);
    return job;
  } finally {
    progress.stop();
  }
}

const LEFT = "The job goes on by itself. Watch it again: sessions revoke --attach";
const LOST =
  "Nothing has happened to it for 15 minutes; its run seems to be lost. Start another, which goes on " +
  "where it was: sessions revoke --resume";

/** @throws OperatorError where there is no such job. */
export async function jobOf(store: Jobs["store"], jobId: string): Promise<Job> {
  const job = await store.get(jobId);
  if (job !== undefined) return job;
  throw new OperatorError(`There is no job ${jobId}: \`sessions jobs\` lists them, for 14 days.`);
}
