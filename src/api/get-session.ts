import * as z from "zod";
import { defineCall, type ResponseOf } from "./parts/call.ts";
import { ALICE, FIREFOX } from "./parts/examples.ts";
import { NO_CALLER } from "./parts/problem-codes.ts";
import { CHANGE_FAULTS } from "./parts/problem-groups.ts";
import { CALLER } from "./parts/views.ts";
import { GET_SESSION, WATCH } from "./parts/client-routes.ts";

export { GET_SESSION, WATCH } from "./parts/client-routes.ts";

/** Who is signed in, or why the session is not live. */
export const getSession = /* @__PURE__ */ defineCall(() => ({
  ...GET_SESSION,
  operationId: "getSession",
  tag: "Sessions",
  summary: "Who is signed in, or why the session is not live",
  description:
    "The first call with a provider's access token starts the session of its sign-in, where the " +
    "identity source says so, unless it only watches.",
  session: "required",
  parameters: [
    {
      name: WATCH.name,
      in: "query",
      description: "Asks without counting as activity, so that polling does not put off the idle timeout.",
      schema: z.enum([WATCH.value]),
    },
  ],
  responses: {
    200: {
      description: "The session is live.",
      body: {
        name: "SignedIn",
        schema: CALLER,
        examples: { signedIn: { user: ALICE, session: FIREFOX } },
      },
    },
  },
  problems: ["invalid_request", ...NO_CALLER, "session_limit", "policy_failed", ...CHANGE_FAULTS],
}));

export type SignedIn = ResponseOf<typeof getSession>;
