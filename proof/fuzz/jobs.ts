import fc, { type Arbitrary } from "fast-check";
import type { Json } from "./inputs.ts";
import { administratorsCredentials, requests } from "./request-parts.ts";
import { bodies, hostileJson, hostileText, mostly, reason, text, userId } from "./values.ts";

/** Calls about jobs: one is started, seen or resumed, or all are seen. */

/** Of a job that is there, or of none. */
const jobId = fc.oneof(
  { weight: 3, arbitrary: text("{{job:running}}") },
  { weight: 1, arbitrary: fc.constantFrom("20260101T000000-000000000000", "..", "%00", "job%23x", "") },
  { weight: 1, arbitrary: hostileText },
);
const jobRequest = fc.record(
  {
    userIds: fc.array(userId, { minLength: 1, maxLength: 5 }),
    includeAdmins: fc.boolean(),
    dryRun: fc.boolean(),
    rate: mostly(fc.integer({ min: 1, max: 10_000 }), hostileJson),
    reason,
  },
  { requiredKeys: ["userIds"] },
) as Arbitrary<Record<string, Json>>;

const [get, post] = [fc.constant("GET"), fc.constant("POST")];
const credentials = administratorsCredentials;

export const jobCalls = fc.oneof(
  requests({ method: post, path: fc.constant("/admin/jobs"), body: bodies(jobRequest), credentials }),
  requests({ method: get, path: fc.constant("/admin/jobs"), credentials }),
  requests({ method: get, path: jobId.map((id) => `/admin/jobs/${id}`), credentials }),
  requests({ method: post, path: jobId.map((id) => `/admin/jobs/${id}/runs`), credentials }),
);
