import { defineCall } from "./parts/call.ts";
import { NO_CALLER } from "./parts/problem-codes.ts";
import { CHANGE_FAULTS } from "./parts/problem-groups.ts";
import { SESSION_ID } from "./parts/views.ts";
import { LIST_SESSIONS } from "./list-sessions.ts";

export const END_ANY_SESSION = {
  method: "DELETE",
  path: "/admin/sessions/{id}",
  function: "end-session",
} as const;

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
  responses: { 204: { description: "It has ended." } },
  problems: [...NO_CALLER, "cross_origin", "permission_required", "not_found", ...CHANGE_FAULTS],
}));
