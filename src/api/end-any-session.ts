import * as z from "zod";
import * as mini from "zod/mini";
import { ACT_REASON } from "./parts/act-reason.ts";
import { defineCall, defineSchema, type ResponseOf } from "./parts/call.ts";
import { FIREFOX } from "./parts/examples.ts";
import { fields } from "./parts/fields.ts";
import { NO_CALLER } from "./parts/problem-codes.ts";
import { CHANGE_FAULTS } from "./parts/problem-groups.ts";
import { SESSION_ID, USER_SESSION } from "./parts/views.ts";
import { LIST_SESSIONS } from "./list-sessions.ts";

export const END_ANY_SESSION = {
  method: "DELETE",
  path: "/admin/sessions/{id}",
  function: "end-session",
} as const;

export const END_ANY_QUERY = /* @__PURE__ */ defineSchema(() =>
  fields({
    reason: mini.optional(ACT_REASON),
    dryRun: mini._default(mini.enum(["true", "false"], { error: "true or false" }), "false"),
  }),
);

/** Ends one session of anybody. */
export const endAnySession = /* @__PURE__ */ defineCall(() => ({
  ...END_ANY_SESSION,
  operationId: "endAnySession",
  tag: "Administration",
  summary: "Ends one session of anybody",
  description:
    "Needs the permission `single_session.logout`, and `single_session.logout_all` where the session is an " +
    "administrator's; administrators have both. The session ends as revoked.",
  session: "required",
  parameters: [
    {
      name: "id",
      in: "path",
      required: true,
      description: `The id of a session, as \`${LIST_SESSIONS.method} ${LIST_SESSIONS.path}\` lists it.`,
      schema: SESSION_ID,
    },
  ],
  query: {
    schema: END_ANY_QUERY,
    purposes: {
      reason: "Why: for the audit line and the record of activity, and told to administrators only.",
      dryRun: "`true`: nothing is changed, and the answer says what would be.",
    },
  },
  responses: {
    200: {
      description: "Of a dry run: this session would end. Nothing was changed.",
      body: {
        name: "WouldEnd",
        schema: z.object({
          dryRun: z.literal(true),
          session: USER_SESSION.describe("The session that would end."),
        }),
        examples: {
          wouldEnd: { dryRun: true, session: { userId: "alice", isAdmin: false, ...FIREFOX } },
        },
      },
    },
    204: { description: "It has ended." },
  },
  problems: [
    "invalid_request",
    ...NO_CALLER,
    "cross_origin",
    "permission_required",
    "not_found",
    ...CHANGE_FAULTS,
  ],
}));

export type WouldEnd = Exclude<ResponseOf<typeof endAnySession>, undefined>;
