import type { SessionPolicyFunction } from "serverless-single-session";

export const policy: SessionPolicyFunction = (user) => {
  if (user.isAdmin) return true;
  if (user.permissions.includes("kiosk")) return false;
  return { limit: 2, atLimit: "ask", perDeviceClass: { mobile: 1, desktop: 1 } };
};
