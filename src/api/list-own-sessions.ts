import * as z from "zod";
import { LIST_OWN_SESSIONS } from "./parts/client-routes.ts";
import { defineCall, type ResponseOf } from "./parts/call.ts";
import { FIREFOX } from "./parts/examples.ts";
import { NO_CALLER } from "./parts/problem-codes.ts";
import { FAULTS } from "./parts/problem-groups.ts";
import { OWN_SESSION } from "./parts/views.ts";

export { LIST_OWN_SESSIONS } from "./parts/client-routes.ts";

/** The caller's own live sessions. */
export const listOwnSessions = /* @__PURE__ */ defineCall(() => ({
  ...LIST_OWN_SESSIONS,
  operationId: "listOwnSessions",
  tag: "Sessions",
  summary: "The caller's own live sessions",
  session: "required",
  responses: {
    200: {
      description: "The sessions, newest first.",
      body: {
        name: "OwnSessions",
        schema: z.object({ sessions: z.array(OWN_SESSION).describe("Newest first.") }),
        examples: { ownSessions: { sessions: [{ ...FIREFOX, current: true }] } },
      },
    },
  },
  problems: [...NO_CALLER, ...FAULTS],
}));

export type OwnSessions = ResponseOf<typeof listOwnSessions>;
