import * as z from "zod";
import { defineCall, defineSchema, type ResponseOf } from "./parts/call.ts";
import { SUSPECT } from "./parts/activity-views.ts";
import { fields } from "./parts/fields.ts";
import { PAGE, PAGE_PURPOSES } from "./parts/page.ts";
import { NO_CALLER } from "./parts/problem-codes.ts";
import { FAULTS } from "./parts/problem-groups.ts";
import { CURSOR } from "./parts/views.ts";

export const LIST_SUSPECTS = { method: "GET", path: "/admin/suspects", function: "activity" } as const;

export const SUSPECTS_QUERY = /* @__PURE__ */ defineSchema(() => fields(PAGE));

/** Who seems to share an account, or has a session that is used from two places. */
export const listSuspects = /* @__PURE__ */ defineCall(() => ({
  ...LIST_SUSPECTS,
  operationId: "listSuspects",
  tag: "Activity",
  summary: "Who seems to share an account, or has a session that is used from two places",
  description: "Only where activity is on. Needs either permission. Of the last 35 days.",
  session: "required",
  query: { schema: SUSPECTS_QUERY, purposes: PAGE_PURPOSES },
  responses: {
    200: {
      description: "A page.",
      body: {
        name: "SuspectPage",
        schema: z.object({
          suspects: z.array(SUSPECT).describe("Last noticed first. A page may be short, or empty."),
          cursor: CURSOR,
        }),
        examples: {
          suspectPage: {
            suspects: [
              {
                userId: "alice",
                firstAt: "2026-11-23T09:40:12.120Z",
                lastAt: "2026-11-23T09:55:32.900Z",
                times: 2,
                suspicions: ["displacements"],
                devices: [
                  { label: "Chrome on Windows", class: "desktop" },
                  { label: "Firefox on macOS", class: "desktop" },
                ],
                sessionId: "HFWNwa1tZgNZ-zQitO86mqrNSgCewX71TNTuhuSWnx0",
              },
            ],
          },
        },
      },
    },
  },
  problems: ["invalid_request", ...NO_CALLER, "permission_required", ...FAULTS],
}));

export type SuspectPage = ResponseOf<typeof listSuspects>;
