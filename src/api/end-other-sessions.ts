import * as z from "zod";
import { END_OTHER_SESSIONS } from "./parts/client-routes.ts";
import { defineCall, type ResponseOf } from "./parts/call.ts";
import { NO_CALLER } from "./parts/problem-codes.ts";
import { CHANGE_FAULTS } from "./parts/problem-groups.ts";
import { ENDED_COUNT } from "./parts/views.ts";

export { END_OTHER_SESSIONS } from "./parts/client-routes.ts";

/** Ends all of the caller's sessions but the one that asks. */
export const endOtherSessions = /* @__PURE__ */ defineCall(() => ({
  ...END_OTHER_SESSIONS,
  operationId: "endOtherSessions",
  tag: "Sessions",
  summary: "Ends all of the caller's sessions but the one that asks",
  description: "Needs a login within the last `reauthWithin` seconds (ASVS 7.5.2).",
  session: "required",
  responses: {
    200: {
      description: "They have ended.",
      body: {
        name: "SessionCount",
        schema: z.object({ sessionCount: ENDED_COUNT }),
        examples: { sessionCount: { sessionCount: 1 } },
      },
    },
  },
  problems: [...NO_CALLER, "cross_origin", "reauthentication_required", ...CHANGE_FAULTS],
}));

export type EndedCount = ResponseOf<typeof endOtherSessions>;
