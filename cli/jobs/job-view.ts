import { showJob } from "../../src/http/job-views.ts";
import type { Job } from "../../src/jobs/job.ts";
import { EXIT_CODES, sessions } from "../messages.ts";

/** A job as programs see it: as the API shows it, and its steps. */
export const jobView = (job: Job) => ({ ...job, ...showJob(job) });

/** The same for people. */
export function jobInWords(job: Job): string {
  const { dryRun, loggedOut, sessionCount, skipped, unknown } = job;
  const left = job.users - job.usersDone;
  const did = dryRun ? "It would log out" : "Logged out";
  const ended = dryRun ? "and end" : "and ended";
  return [
    `Job ${job.id} is ${job.state}: ${job.usersDone} of ${counted(job.users)} done.`,
    `${did} ${counted(loggedOut)}, ${ended} ${sessions(sessionCount)}.`,
    ...(skipped > 0
      ? [`Skipped, as administrators: ${counted(skipped)}. Say --include-admins to log them out too.`]
      : []),
    ...(unknown > 0 ? [`Unknown, which means that no live session was found: ${counted(unknown)}.`] : []),
    ...(left > 0 && job.state === "unfinished" ? [`Unfinished: ${counted(left)}. ${RESUME} ${job.id}`] : []),
  ].join("\n");
}

const RESUME = "Go on with them: sessions revoke --resume";

const counted = (users: number): string => (users === 1 ? "1 user" : `${users} users`);

/** For scripts: whether everybody of the list is done. */
export const exitCodeOf = ({ state }: Job): number =>
  state === "finished" ? EXIT_CODES.done : EXIT_CODES.refused;
