import * as z from "zod";
import { defineCall, type ResponseOf } from "./parts/call.ts";
import { ALICE, FIREFOX } from "./parts/examples.ts";
import { NOT_LIVE } from "./parts/problem-codes.ts";
import { FAULTS } from "./parts/problem-groups.ts";
import { SIGNED_IN } from "./parts/views.ts";
import { GET_SESSION, WATCH } from "./parts/watch.ts";

export { GET_SESSION, WATCH } from "./parts/watch.ts";

/** Who is signed in, or why the session is not live. */
export const getSession = /* @__PURE__ */ defineCall(() => ({
  ...GET_SESSION,
  operationId: "getSession",
  tag: "Sessions",
  summary: "Who is signed in, or why the session is not live",
  session: "required",
  parameters: [
    {
      name: WATCH.name,
      in: "query",
      description:
        "Asks without counting as activity, so that polling keeps nobody's idle timeout from passing.",
      schema: z.enum([WATCH.value]),
    },
  ],
  responses: {
    200: {
      description: "The session is live.",
      body: {
        name: "SignedIn",
        schema: SIGNED_IN,
        examples: { signedIn: { user: ALICE, session: FIREFOX } },
      },
    },
  },
  problems: ["invalid_request", ...NOT_LIVE, ...FAULTS],
}));

export type SignedIn = ResponseOf<typeof getSession>;
