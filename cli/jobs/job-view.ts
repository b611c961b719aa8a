import { showJob } from "../../src/http/job-views.ts";
import type { Job } from "../../src/jobs/job.ts";
import { EXIT_CODES, sessions, users } from "../messages.ts";

/** A job as programs see it: as the API shows it, and its steps. */
export const jobView = (job: Job) => ({ ...job, ...showJob(job) });

/** The same for people. */
export function jobInWords(job: Job): string {
  const { dryRun, loggedOut, sessionCount, skipped, unknown } = job;
  const left = job.users - job.usersDone;
  const did = dryRun ? "It would log out" : "Logged out";
  const ended = dryRun ? "and end" : "and ended";
  return [
    `Job ${job.id} is ${job.state}: ${job.usersDone} of ${users(job.users)} done.`,
    `${did} ${users(loggedOut)}, ${ended} ${sessions(sessionCount)}.`,
    ...(skipped > 0
      ? [`Skipped, as administrators: ${users(skipped)}. A new list with --include-admins logs them out too.`]
      : []),
    ...(unknown > 0 ? [`Unknown, which means that no live session was found: ${users(unknown)}.`] : []),
    ...(left > 0 && job.state === "unfinished" ? [`Unfinished: ${users(left)}. ${RESUME} ${job.id}`] : []),
  ].join("\n");
}

const RESUME = "Go on with them: sessions revoke --resume";

/** For scripts: whether everybody of the list is done. */
export const exitCodeOf = ({ state }: Job): number =>
  state === "finished" ? EXIT_CODES.done : EXIT_CODES.refused;
