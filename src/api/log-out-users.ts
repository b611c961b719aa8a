import * as z from "zod";
import * as mini from "zod/mini";
import { LONGEST_USER_ID_BYTES } from "../sessions/session.ts";
import { defineCall, defineSchema, type RequestOf, type ResponseOf } from "./parts/call.ts";
import { ACT_REASON } from "./parts/act-reason.ts";
import { fields } from "./parts/fields.ts";
import { NO_CALLER } from "./parts/problem-codes.ts";
import { BODY_PROBLEMS, FAULTS } from "./parts/problem-groups.ts";
import { USER_ID as ACCEPTED_USER_ID } from "./parts/user-id.ts";
import { ENDED_COUNT, USER_ID } from "./parts/views.ts";

export const LOG_OUT_USERS = { method: "POST", path: "/admin/logout", function: "admin-logout" } as const;

const MOST_USERS = 1000;
const USER_IDS = `an array of 1 to ${MOST_USERS} user ids`;

/** The members of a request, which a direct invocation has too. */
export const LOG_OUT_MEMBERS = /* @__PURE__ */ defineSchema(() => ({
  userIds: mini
    .array(ACCEPTED_USER_ID, { error: USER_IDS })
    .check(mini.minLength(1, { error: USER_IDS }), mini.maxLength(MOST_USERS, { error: USER_IDS })),
  includeAdmins: mini._default(mini.boolean({ error: "true or false" }), false),
  reason: mini.optional(ACT_REASON),
  dryRun: mini._default(mini.boolean({ error: "true or false" }), false),
}));

export const LOG_OUT_BODY = /* @__PURE__ */ defineSchema(() => fields(LOG_OUT_MEMBERS));
/** A request that was read. */
export type LogOutBody = mini.output<typeof LOG_OUT_BODY>;

/**
 * As many ids as are accepted, of the greatest length, every byte of them a six-character JSON escape, and
 * the rest.
 */
export const LARGEST_LOG_OUT_BYTES = MOST_USERS * (LONGEST_USER_ID_BYTES * 6 + 4) + 1024;

/** Ends all sessions of many users. */
export const logOutUsers = /* @__PURE__ */ defineCall(() => ({
  ...LOG_OUT_USERS,
  operationId: "logOutUsers",
  tag: "Administration",
  summary: "Ends all sessions of many users",
  description:
    "Needs the permission `single_session.logout`, or `single_session.logout_all`, which " +
    "`includeAdmins` needs; administrators have both. The same function is invoked directly, where IAM " +
    "is the authority. `reason` is written to the audit line and the record of activity, and told to " +
    "administrators only. With `dryRun` nothing is changed, and the answer says what would be.",
  session: "required",
  body: {
    schemas: { AdminLogoutRequest: LOG_OUT_BODY },
    examples: {
      logOutUsers: { userIds: ["bob", "admin"], includeAdmins: false, reason: "left the company" },
    },
  },
  responses: {
    200: {
      description: "No session of the users in `loggedOut` which existed at the call is live any more.",
      body: {
        name: "AdminLogout",
        schema: z
          .object({
            loggedOut: z.array(z.object({ userId: USER_ID, sessionCount: ENDED_COUNT })),
            skipped: z.array(z.object({ userId: USER_ID, reason: z.literal("administrator") })),
            unfinished: z.array(USER_ID).describe("Time ran short: send these again."),
            dryRun: z
              .literal(true)
              .exactOptional()
              .describe("Only in the answer to a dry run: this is what would be done, and nothing was."),
          })
          .describe("Each user id of the request is in exactly one of the lists."),
        examples: {
          adminLogout: {
            loggedOut: [{ userId: "bob", sessionCount: 1 }],
            skipped: [{ userId: "admin", reason: "administrator" }],
            unfinished: [],
          },
        },
      },
    },
  },
  problems: [...BODY_PROBLEMS, ...NO_CALLER, "cross_origin", "permission_required", ...FAULTS],
}));

export type LogOutRequest = RequestOf<typeof logOutUsers>;
/** What an administrators' logout did; each user id asked for is in exactly one of the lists. */
export type LogOutResult = ResponseOf<typeof logOutUsers>;
