import * as z from "zod";
import { defineCall, defineSchema, type ResponseOf } from "./parts/call.ts";
import { ACTIVITY_HOUR } from "./parts/activity-views.ts";
import { fields } from "./parts/fields.ts";
import { PERIOD, PERIOD_PURPOSES } from "./parts/period.ts";
import { NO_CALLER } from "./parts/problem-codes.ts";
import { FAULTS } from "./parts/problem-groups.ts";

export const GET_OVERVIEW = { method: "GET", path: "/admin/overview", function: "activity" } as const;

export const OVERVIEW_QUERY = /* @__PURE__ */ defineSchema(() => fields(PERIOD));

/** What happened in each hour of a period, and how many sessions are live. */
export const getOverview = /* @__PURE__ */ defineCall(() => ({
  ...GET_OVERVIEW,
  operationId: "getOverview",
  tag: "Activity",
  summary: "What happened in each hour of a period, and how many sessions are live",
  description:
    "Only where activity is on. Needs either permission. The last 24 hours unless the query says which, " +
    "at most 35 days. Counted by the outbox, seconds after it happened.",
  session: "required",
  query: { schema: OVERVIEW_QUERY, purposes: PERIOD_PURPOSES },
  responses: {
    200: {
      description: "The hours of the period, those too in which nothing happened.",
      body: {
        name: "Overview",
        schema: z.object({
          from: z
            .string()
            .meta({ format: "date-time", description: "As asked for, or 24 hours before `to`." }),
          to: z.string().meta({ format: "date-time", description: "As asked for, or now." }),
          live: z
            .int()
            .min(0)
            .exactOptional()
            .describe(
              "How many sessions are live now, as last measured; absent where that was not within the " +
                "last hour.",
            ),
          hours: z.array(ACTIVITY_HOUR).describe("Oldest first. The first and the last are whole hours too."),
        }),
        examples: {
          overview: {
            from: "2026-11-23T09:00:00.000Z",
            to: "2026-11-23T09:56:00.000Z",
            hours: [
              {
                hour: "2026-11-23T09:00:00.000Z",
                started: 3,
                ended: { displaced: 1, logged_out: 1, revoked: 0, expired: 0, unknown: 0 },
                denied: 0,
                throttled: 0,
                suspected: 0,
              },
            ],
          },
        },
      },
    },
  },
  problems: ["invalid_request", ...NO_CALLER, "permission_required", ...FAULTS],
}));

export type Overview = ResponseOf<typeof getOverview>;
