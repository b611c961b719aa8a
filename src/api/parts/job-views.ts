import * as z from "zod";
import { JOB_STATES, LONGEST_LISTED, type Job } from "../../jobs/job.ts";
import type { Sent } from "./call.ts";
import type { JsonObject } from "./json.ts";
import type { AllTrue, JobView, Same } from "./shapes.ts";
import { time } from "./views.ts";

/** What the answers about jobs are made of; see `views.ts`. */

const count = (words: string) => z.int().min(0).describe(words);

const STATE = z
  .enum(JOB_STATES)
  .describe(
    "`filling`: its list is being written, and nobody was logged out. `running`: it goes on by itself. " +
      "`finished`: everybody of the list is done. `unfinished`: it ended, and users are left; it can be " +
      "resumed.",
  );

export const JOB = z
  .object({
    id: z.string().describe("`20261130T071500-3f9a2c1b77d0`: ids sort by the time of their making."),
    state: STATE,
    actor: z.string().describe("On whose account: an administrator's user id, or what an operator said."),
    includeAdmins: z.boolean(),
    dryRun: z.boolean().describe("It counts who would be logged out, and changes nothing."),
    rate: z.int().describe("Users a second at most."),
    reason: z.string().exactOptional().describe("Why, in the words of who acted. For administrators only."),
    users: count("How many are in the list, each once; 0 while it is being written."),
    usersDone: count("How many of them are done: the sum of `loggedOut`, `skipped` and `unknown`."),
    unfinished: count("How many are left."),
    loggedOut: count("Users who had live sessions, and have none of those any more."),
    sessionCount: count("How many sessions ended, or would end."),
    skipped: count("Administrators, where they are left alone."),
    unknown: count(
      "Users without a live session; not every identity source knows whether there is such a user.",
    ),
    runs: count("How often it was started: once, and once for each resume."),
    createdAt: time("When it was made."),
    updatedAt: time("When something last happened to it."),
    endedAt: time("When it last ended.").exactOptional(),
  })
  .describe("A list of users to log out, and how far that is. It names none of them.");

/** The schema says what the plain type says. */
export type Checked = AllTrue<
  [Same<Sent<z.output<typeof JOB>>, JobView>, Same<JobView["state"], Job["state"]>]
>;

/** At most so many jobs are in a list. */
export const JOBS_OF_LIST = z
  .object({ jobs: z.array(JOB).describe(`Newest first, at most ${LONGEST_LISTED}.`) })
  .describe("The jobs of the last 14 days.");

/** An example that is running. */
export const RUNNING_JOB: JsonObject = {
  id: "20261130T071500-3f9a2c1b77d0",
  state: "running",
  actor: "admin",
  includeAdmins: false,
  dryRun: false,
  rate: 500,
  reason: "leaked passwords",
  users: 12_345,
  usersDone: 4000,
  unfinished: 8345,
  loggedOut: 3120,
  sessionCount: 3388,
  skipped: 2,
  unknown: 878,
  runs: 1,
  createdAt: "2026-11-30T07:15:00.120Z",
  updatedAt: "2026-11-30T07:15:08.410Z",
};

/** The parameter of calls about one job. */
export const JOB_ID_PARAMETER = {
  name: "id",
  in: "path",
  required: true,
  description: "The id of a job.",
  schema: z.string(),
} as const;
