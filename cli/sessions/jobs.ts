import type { Command } from "commander";
import type { Job } from "../../src/jobs/job.ts";
import { readOutcome, type UserOutcome } from "../../src/jobs/outcomes.ts";
import { inColumns } from "../columns.ts";
import { connectJobs, type Jobs } from "../jobs/connect-jobs.ts";
import { exitCodeOf, jobInWords, jobView } from "../jobs/job-view.ts";
import { jobOf } from "../jobs/watch-job.ts";
import { EXIT_CODES } from "../messages.ts";
import { printable } from "../printable.ts";
import {
  addCommand,
  carryOut,
  countUpTo,
  shortTime,
  type CommonOptions,
  type SessionsContext,
} from "./command.ts";
import { jobIdArgument } from "./revoke-list.ts";

interface JobsOptions extends CommonOptions {
  readonly limit: number;
  readonly outcomes?: true;
}

const MOST_LISTED = 1000;
const USUAL_LIMIT = 20;

/** `sessions jobs`. */
export function addJobs(program: Command): void {
  addCommand(program, "jobs", "list the jobs that log out lists of users, or show one", [
    "jobs",
    "jobs 20261130T071500-3f9a2c1b77d0",
    "jobs 20261130T071500-3f9a2c1b77d0 --outcomes --stack Backend > outcomes.tsv",
  ])
    .argument("[job]", "show this one; its exit code is 0 where everybody of its list is done", jobIdArgument)
    .option("--limit <count>", "list at most so many, the newest", countUpTo(MOST_LISTED), USUAL_LIMIT)
    .option("--outcomes", "a line a user of the job's list: user id, outcome, number of sessions")
    .action((jobId: string | undefined, options: JobsOptions) =>
      carryOut(options, (context) =>
        jobId === undefined ? list(context, options) : show(context, jobId, options),
      ),
    );
}

async function list(context: SessionsContext, { limit }: JobsOptions): Promise<number> {
  const jobs = await connectJobs(context).store.list(limit);
  const rows = jobs.map((job) => [
    job.id,
    job.dryRun ? `${job.state} (dry run)` : job.state,
    `${job.usersDone} of ${job.users}`,
    String(job.loggedOut),
    shortTime(new Date(job.createdAt).toISOString()),
    job.actor,
    job.reason ?? "",
  ]);
  const headings = ["JOB", "STATE", "USERS DONE", "LOGGED OUT", "BEGUN", "BY", "REASON"];
  const text = rows.length === 0 ? "no jobs in the last 14 days" : inColumns(headings, rows);
  context.show({ text, json: { jobs: jobs.map(jobView) } });
  return EXIT_CODES.done;
}

async function show(
  context: SessionsContext,
  jobId: string,
  { outcomes, json }: JobsOptions,
): Promise<number> {
  const { store } = connectJobs(context);
  const job = await jobOf(store, jobId);
  if (outcomes === true) {
    await writeOutcomes(store, job, json === true ? asJson : asColumns);
    return exitCodeOf(job);
  }
  context.show({ text: jobInWords(job), json: jobView(job) });
  return exitCodeOf(job);
}

/** Who is not done yet, beside what the outcomes say of everybody else. */
type Fate = UserOutcome | { readonly outcome: "unfinished" };

/** Step by step: a list may be longer than what memory holds. */
async function writeOutcomes(
  store: Jobs["store"],
  { id, steps }: Job,
  lineOf: (userId: string, fate: Fate) => string,
): Promise<void> {
  for (let step = 0; step < steps; step++) {
    const { userIds, done } = await store.readStep(id, step);
    const lines = userIds.map((userId, index) => {
      const byte = done?.[index];
      return lineOf(userId, byte === undefined ? { outcome: "unfinished" } : readOutcome(byte));
    });
    console.log(lines.join("\n"));
  }
}

const asColumns = (userId: string, fate: Fate): string =>
  [printable(userId), fate.outcome, "sessionCount" in fate ? fate.sessionCount : 0].join("\t");
const asJson = (userId: string, fate: Fate): string => JSON.stringify({ userId, ...fate });
