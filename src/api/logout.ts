import { LOGOUT } from "./parts/client-routes.ts";
import { defineCall } from "./parts/call.ts";
import { CHANGE_FAULTS } from "./parts/problem-groups.ts";

export { LOGOUT } from "./parts/client-routes.ts";

/** Ends the session, and with `logoutAllSessions` all of its user's. */
export const logout = /* @__PURE__ */ defineCall(() => ({
  ...LOGOUT,
  operationId: "logout",
  tag: "Sessions",
  summary: "Ends the session, and with `logoutAllSessions` all of its user's",
  description: "The response is the same for every token, live or not.",
  session: "optional",
  responses: {
    204: {
      description: "Logged out, and the cookie cleared.",
      cookies: "ClearedSessionCookie",
    },
  },
  problems: ["cross_origin", ...CHANGE_FAULTS],
}));
