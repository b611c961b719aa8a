import { END_SESSION } from "./parts/client-routes.ts";
import { defineCall } from "./parts/call.ts";
import { NO_CALLER } from "./parts/problem-codes.ts";
import { CHANGE_FAULTS } from "./parts/problem-groups.ts";
import { SESSION_ID } from "./parts/views.ts";

export { END_SESSION } from "./parts/client-routes.ts";

/** Ends one of the caller's own sessions. */
export const endSession = /* @__PURE__ */ defineCall(() => ({
  ...END_SESSION,
  operationId: "endSession",
  tag: "Sessions",
  summary: "Ends one of the caller's own sessions",
  description:
    "Another session than the caller's needs a login within the last `reauthWithin` seconds (ASVS 7.5.2).",
  session: "required",
  parameters: [
    {
      name: "id",
      in: "path",
      required: true,
      description: "The id of one of the caller's own sessions.",
      schema: SESSION_ID,
    },
  ],
  responses: {
    204: {
      description: "It has ended. Where it was the caller's own, the cookie is cleared.",
      cookies: "MaybeClearedSessionCookie",
    },
  },
  problems: [...NO_CALLER, "cross_origin", "reauthentication_required", "not_found", ...CHANGE_FAULTS],
}));
