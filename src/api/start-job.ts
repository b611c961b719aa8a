import * as mini from "zod/mini";
import { HIGHEST_RATE, LOWEST_RATE } from "../jobs/job.ts";
import { defineCall, defineSchema, type ResponseOf } from "./parts/call.ts";
import { ACT_REASON } from "./parts/act-reason.ts";
import { fields } from "./parts/fields.ts";
import { JOB, RUNNING_JOB } from "./parts/job-views.ts";
import { NO_CALLER } from "./parts/problem-codes.ts";
import { BODY_PROBLEMS, CHANGE_FAULTS } from "./parts/problem-groups.ts";
import { LISTED_USER_ID } from "./parts/user-id.ts";

export const START_JOB = { method: "POST", path: "/admin/jobs", function: "jobs" } as const;

/** Longer lists are the command's: `sessions revoke --file`. */
export const MOST_USERS_OF_JOB = 50_000;
/**
 * Lambda takes events of 6 MB, in which the body is a text: each quotation mark and backslash of it counts
 * twice. A body of this size fits whatever is in it, and has 50,000 ids of 50 bytes.
 */
export const LARGEST_JOB_BYTES = 2_750_000;

const USER_IDS = `an array of 1 to ${MOST_USERS_OF_JOB} user ids`;
const RATE = `a whole number from ${LOWEST_RATE} to ${HIGHEST_RATE}`;
const TRUE_OR_FALSE = "true or false";

export const START_JOB_BODY = /* @__PURE__ */ defineSchema(() =>
  fields({
    userIds: mini
      .array(LISTED_USER_ID, { error: USER_IDS })
      .check(mini.minLength(1, { error: USER_IDS }), mini.maxLength(MOST_USERS_OF_JOB, { error: USER_IDS })),
    includeAdmins: mini._default(mini.boolean({ error: TRUE_OR_FALSE }), false),
    dryRun: mini._default(mini.boolean({ error: TRUE_OR_FALSE }), false),
    rate: mini.optional(
      mini
        .int({ error: RATE })
        .check(mini.minimum(LOWEST_RATE, { error: RATE }), mini.maximum(HIGHEST_RATE, { error: RATE })),
    ),
    reason: mini.optional(ACT_REASON),
  }),
);
/** A request that was read. */
export type StartJobBody = mini.output<typeof START_JOB_BODY>;

/** Makes a job of a list of users, which logs them out by itself. */
export const startJob = /* @__PURE__ */ defineCall(() => ({
  ...START_JOB,
  operationId: "startJob",
  tag: "Jobs",
  summary: "Logs out a list of users by a job",
  description:
    "Only where jobs are on. Needs the permission `single_session.logout`, or " +
    "`single_session.logout_all`, which `includeAdmins` needs; administrators have both. Ids are " +
    "brought into Unicode's form NFC, and a repeated one counts once. A body has at most " +
    `${LARGEST_JOB_BYTES} bytes. The job goes on by itself, at \`rate\` users a second at most, 500 ` +
    "unless given. `reason` is written to the job, the audit lines and the record of activity, and told " +
    "to administrators only. With `dryRun` the job counts who would be logged out, and changes nothing. " +
    "A call that is repeated makes another job, which does no harm.",
  session: "required",
  body: {
    schemas: { StartJobRequest: START_JOB_BODY },
    examples: {
      startJob: { userIds: ["alice", "bob"], includeAdmins: false, reason: "leaked passwords" },
    },
  },
  responses: {
    202: {
      description: "It has begun.",
      body: { name: "Job", schema: JOB, examples: { job: RUNNING_JOB } },
    },
  },
  problems: [...BODY_PROBLEMS, ...NO_CALLER, "cross_origin", "permission_required", ...CHANGE_FAULTS],
}));

export type StartedJob = ResponseOf<typeof startJob>;
