import { defineCall, type ResponseOf } from "./parts/call.ts";
import { JOB, JOB_ID_PARAMETER, RUNNING_JOB } from "./parts/job-views.ts";
import { NO_CALLER } from "./parts/problem-codes.ts";
import { CHANGE_FAULTS } from "./parts/problem-groups.ts";

export const RESUME_JOB = { method: "POST", path: "/admin/jobs/{id}/runs", function: "jobs" } as const;

/** Starts a job again for those who are left. */
export const resumeJob = /* @__PURE__ */ defineCall(() => ({
  ...RESUME_JOB,
  operationId: "resumeJob",
  tag: "Jobs",
  summary: "Starts a job again for those who are left",
  description:
    "Only where jobs are on. Needs the permission that starting it needed. What is done stays done, and " +
    "two runs at once do no harm. A job that is finished stays as it is, and so does one whose list was " +
    "never written to its end, of which nobody was logged out: its state is `filling`.",
  session: "required",
  parameters: [JOB_ID_PARAMETER],
  responses: {
    202: {
      description: "It goes on, or there was nothing to do: `state` says which.",
      body: { name: "Job", schema: JOB, examples: { job: RUNNING_JOB } },
    },
  },
  problems: [...NO_CALLER, "cross_origin", "permission_required", "not_found", ...CHANGE_FAULTS],
}));

export type ResumedJob = ResponseOf<typeof resumeJob>;
