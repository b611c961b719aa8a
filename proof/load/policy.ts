import type { SessionPolicyFunction } from "../../infra/index.ts";

/** Users whose id begins with `many-` may have three sessions, the others one; the newest displaces. */
export const threeForSome: SessionPolicyFunction = (user) =>
  user.id.startsWith("many-") ? { limit: 3, atLimit: "displace" } : true;
