import * as z from "zod";
import { defineCall, defineSchema, type ResponseOf } from "./parts/call.ts";
import { ENDED_AT } from "./parts/examples.ts";
import { fields } from "./parts/fields.ts";
import { PAGE, PAGE_PURPOSES } from "./parts/page.ts";
import { NO_CALLER } from "./parts/problem-codes.ts";
import { FAULTS } from "./parts/problem-groups.ts";
import { USER_ID } from "./parts/user-id.ts";
import { CURSOR, ENDING } from "./parts/views.ts";

export const LIST_ENDINGS = { method: "GET", path: "/admin/endings", function: "list-sessions" } as const;

export const ENDINGS_QUERY = /* @__PURE__ */ defineSchema(() => fields({ userId: USER_ID, ...PAGE }));

/** Why, when and by whom a user's sessions ended. */
export const listEndings = /* @__PURE__ */ defineCall(() => ({
  ...LIST_ENDINGS,
  operationId: "listEndings",
  tag: "Administration",
  summary: "Why, when and by whom a user's sessions ended",
  description:
    "Needs either permission. An ending is kept until its session would have expired anyway, and for 48 " +
    "hours at least.",
  session: "required",
  query: { schema: ENDINGS_QUERY, purposes: PAGE_PURPOSES },
  responses: {
    200: {
      description: "A page.",
      body: {
        name: "EndingPage",
        schema: z.object({ endings: z.array(ENDING).describe("Newest first."), cursor: CURSOR }),
        examples: {
          endingPage: {
            endings: [
              {
                sessionId: "HFWNwa1tZgNZ-zQitO86mqrNSgCewX71TNTuhuSWnx0",
                userId: "alice",
                reason: "logged_out",
                endedAt: "2026-11-23T09:55:34.385Z",
                endedBy: "alice",
                endedDevice: "Firefox on macOS",
              },
              {
                sessionId: "U_IAX53BVVK2_JyODw9A_FIMQic-sVTSznRIMnf4s0M",
                userId: "alice",
                reason: "displaced",
                endedAt: ENDED_AT,
                endedBy: "alice",
                endedDevice: "Chrome on Windows",
                displacedByDevice: "Firefox on macOS",
              },
            ],
          },
        },
      },
    },
  },
  problems: ["invalid_request", ...NO_CALLER, "permission_required", ...FAULTS],
}));

export type EndingPage = ResponseOf<typeof listEndings>;
