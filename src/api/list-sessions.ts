import * as z from "zod";
import * as mini from "zod/mini";
import { defineCall, defineSchema, type ResponseOf } from "./parts/call.ts";
import { FIREFOX } from "./parts/examples.ts";
import { fields } from "./parts/fields.ts";
import { PAGE, PAGE_PURPOSES } from "./parts/page.ts";
import { NO_CALLER } from "./parts/problem-codes.ts";
import { FAULTS } from "./parts/problem-groups.ts";
import { USER_ID } from "./parts/user-id.ts";
import { CURSOR, USER_SESSION } from "./parts/views.ts";

export const LIST_SESSIONS = { method: "GET", path: "/admin/sessions", function: "list-sessions" } as const;

export const SESSIONS_QUERY = /* @__PURE__ */ defineSchema(() =>
  fields({ userId: mini.optional(USER_ID), ...PAGE }),
);

/** Who is signed in, a page at a time. */
export const listSessions = /* @__PURE__ */ defineCall(() => ({
  ...LIST_SESSIONS,
  operationId: "listSessions",
  tag: "Administration",
  summary: "Who is signed in, a page at a time",
  description:
    "Needs either permission. A session made a moment ago may be missing; an ended one is never listed.",
  session: "required",
  query: { schema: SESSIONS_QUERY, purposes: PAGE_PURPOSES },
  responses: {
    200: {
      description: "A page.",
      body: {
        name: "SessionPage",
        schema: z.object({
          sessions: z
            .array(USER_SESSION)
            .describe("In no order, but of one user newest first. A page may be short, or empty."),
          cursor: CURSOR,
        }),
        examples: {
          sessionPage: {
            sessions: [{ userId: "alice", isAdmin: false, ...FIREFOX }],
            cursor:
              "WyJieVVzZXIiLHsiY3JlYXRlZEF0IjoxNzk1NDI3NzMzMDcyLCJ1c2VySWQiOiJhZG1pbiIsInBrIjoic2Vz" +
              "c2lvbiNBcDFPc0RfTHZpcU5peUxnc2dEdmtlV1N3b1NMNWJJR1ZPM18xMHVrZUUwIn1d",
          },
        },
      },
    },
  },
  problems: ["invalid_request", ...NO_CALLER, "permission_required", ...FAULTS],
}));

export type SessionPage = ResponseOf<typeof listSessions>;
