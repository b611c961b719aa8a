import * as z from "zod";
import * as mini from "zod/mini";
import { ACTIVITY_KINDS } from "../activity/activity.ts";
import { defineCall, defineSchema, type ResponseOf } from "./parts/call.ts";
import { ACTIVITY } from "./parts/activity-views.ts";
import { fields } from "./parts/fields.ts";
import { PAGE, PAGE_PURPOSES } from "./parts/page.ts";
import { PERIOD, PERIOD_PURPOSES } from "./parts/period.ts";
import { NO_CALLER } from "./parts/problem-codes.ts";
import { FAULTS } from "./parts/problem-groups.ts";
import { USER_ID } from "./parts/user-id.ts";
import { CURSOR } from "./parts/views.ts";

export const LIST_ACTIVITY = { method: "GET", path: "/admin/activity", function: "activity" } as const;

const ACCEPTED_KINDS = `one or several of ${ACTIVITY_KINDS.join(", ")}, with commas between them`;
const KIND = `(?:${ACTIVITY_KINDS.join("|")})`;
const ARE_KINDS = new RegExp(`^${KIND}(?:,${KIND})*$`);

export const ACTIVITY_QUERY = /* @__PURE__ */ defineSchema(() =>
  fields({
    userId: mini.optional(USER_ID),
    kind: mini.optional(mini.string().check(mini.regex(ARE_KINDS, { error: ACCEPTED_KINDS }))),
    ...PERIOD,
    ...PAGE,
  }),
);

/** What happened: starts and ends of sessions, refusals, suspicions and administrators' acts. */
export const listActivity = /* @__PURE__ */ defineCall(() => ({
  ...LIST_ACTIVITY,
  operationId: "listActivity",
  tag: "Activity",
  summary: "What happened: starts and ends of sessions, refusals, suspicions and administrators' acts",
  description:
    "Only where activity is on. Needs either permission. Everybody's of the last 35 days, or one user's " +
    "of the last 90; a period of at most as many days may be named.",
  session: "required",
  query: {
    schema: ACTIVITY_QUERY,
    purposes: {
      kind: "Only of these kinds. It may also be given several times.",
      ...PERIOD_PURPOSES,
      ...PAGE_PURPOSES,
    },
  },
  responses: {
    200: {
      description: "A page.",
      body: {
        name: "ActivityPage",
        schema: z.object({
          activity: z.array(ACTIVITY).describe("Newest first. A page may be short, or empty."),
          cursor: CURSOR,
        }),
        examples: {
          activityPage: {
            activity: [
              {
                id: "X8Vx6h1yq5jB0sJk0bF2m9Yc3oR7tUeWzA4dLgPnQiE",
                time: "2026-11-23T09:55:32.900Z",
                kind: "ended",
                userId: "alice",
                sessionId: "U_IAX53BVVK2_JyODw9A_FIMQic-sVTSznRIMnf4s0M",
                identitySource: "passwords",
                device: { label: "Chrome on Windows", class: "desktop" },
                reason: "displaced",
                by: { id: "alice", device: "Firefox on macOS" },
                startedAt: "2026-11-23T08:12:01.004Z",
              },
            ],
          },
        },
      },
    },
  },
  problems: ["invalid_request", ...NO_CALLER, "permission_required", ...FAULTS],
}));

export type ActivityPage = ResponseOf<typeof listActivity>;
