import { defineCall, type ResponseOf } from "./parts/call.ts";
import { JOB, JOB_ID_PARAMETER, RUNNING_JOB } from "./parts/job-views.ts";
import { NO_CALLER } from "./parts/problem-codes.ts";
import { FAULTS } from "./parts/problem-groups.ts";

export const GET_JOB = { method: "GET", path: "/admin/jobs/{id}", function: "jobs" } as const;

/** How far a job is. */
export const getJob = /* @__PURE__ */ defineCall(() => ({
  ...GET_JOB,
  operationId: "getJob",
  tag: "Jobs",
  summary: "How far a job is",
  description: "Only where jobs are on. Needs either permission. A job is kept for 14 days.",
  session: "required",
  parameters: [JOB_ID_PARAMETER],
  responses: {
    200: { description: "The job.", body: { name: "Job", schema: JOB, examples: { job: RUNNING_JOB } } },
  },
  problems: [...NO_CALLER, "permission_required", "not_found", ...FAULTS],
}));

export type OneJob = ResponseOf<typeof getJob>;
