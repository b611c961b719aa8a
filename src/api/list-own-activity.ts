import * as z from "zod";
import { LIST_OWN_ACTIVITY } from "./parts/client-routes.ts";
import { defineCall, defineSchema, type ResponseOf } from "./parts/call.ts";
import { OWN_ACTIVITY } from "./parts/activity-views.ts";
import { fields } from "./parts/fields.ts";
import { PAGE, PAGE_PURPOSES } from "./parts/page.ts";
import { NO_CALLER } from "./parts/problem-codes.ts";
import { FAULTS } from "./parts/problem-groups.ts";
import { CURSOR } from "./parts/views.ts";

export { LIST_OWN_ACTIVITY } from "./parts/client-routes.ts";

export const OWN_ACTIVITY_QUERY = /* @__PURE__ */ defineSchema(() => fields(PAGE));

/** The caller's own sign-ins and ends of sessions. */
export const listOwnActivity = /* @__PURE__ */ defineCall(() => ({
  ...LIST_OWN_ACTIVITY,
  operationId: "listOwnActivity",
  tag: "Activity",
  summary: "The caller's own sign-ins and ends of sessions",
  description: "Only where activity is on. Of the last 90 days.",
  session: "required",
  query: { schema: OWN_ACTIVITY_QUERY, purposes: PAGE_PURPOSES },
  responses: {
    200: {
      description: "A page.",
      body: {
        name: "OwnActivityPage",
        schema: z.object({
          activity: z.array(OWN_ACTIVITY).describe("Newest first. A page may be short, or empty."),
          cursor: CURSOR,
        }),
        examples: {
          ownActivityPage: {
            activity: [
              {
                id: "X8Vx6h1yq5jB0sJk0bF2m9Yc3oR7tUeWzA4dLgPnQiE",
                time: "2026-11-23T09:55:32.900Z",
                kind: "ended",
                sessionId: "U_IAX53BVVK2_JyODw9A_FIMQic-sVTSznRIMnf4s0M",
                device: { label: "Chrome on Windows", class: "desktop" },
                reason: "displaced",
                by: { device: "Firefox on macOS" },
                startedAt: "2026-11-23T08:12:01.004Z",
              },
            ],
          },
        },
      },
    },
  },
  problems: ["invalid_request", ...NO_CALLER, ...FAULTS],
}));

export type OwnActivityPage = ResponseOf<typeof listOwnActivity>;
