import { defineCall, type ResponseOf } from "./parts/call.ts";
import { JOBS_OF_LIST, RUNNING_JOB } from "./parts/job-views.ts";
import { NO_CALLER } from "./parts/problem-codes.ts";
import { FAULTS } from "./parts/problem-groups.ts";
import { START_JOB } from "./start-job.ts";

export const LIST_JOBS = { method: "GET", path: START_JOB.path, function: "jobs" } as const;

/** The jobs of the last 14 days. */
export const listJobs = /* @__PURE__ */ defineCall(() => ({
  ...LIST_JOBS,
  operationId: "listJobs",
  tag: "Jobs",
  summary: "The jobs of the last 14 days",
  description:
    "Only where jobs are on. Needs either permission. Those that the command started are among them.",
  session: "required",
  responses: {
    200: {
      description: "The newest first.",
      body: { name: "JobList", schema: JOBS_OF_LIST, examples: { jobs: { jobs: [RUNNING_JOB] } } },
    },
  },
  problems: [...NO_CALLER, "permission_required", ...FAULTS],
}));

export type JobList = ResponseOf<typeof listJobs>;
