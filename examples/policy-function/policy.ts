import type { SessionPolicyFunction } from "serverless-single-session";

/** Who may have how many sessions. It is asked at each login, in the login function. */
export const policy: SessionPolicyFunction = (user) => {
  if (user.isAdmin) return { limit: 1, atLimit: "deny" }; // an administrator's session is never taken over
  if (user.permissions.includes("kiosk")) return false; // no limit
  return { limit: 2, atLimit: "ask", perDeviceClass: { mobile: 1, desktop: 1 } }; // one phone and one browser
};
