import type { SessionPolicyFunction } from "../../infra/index.ts";

/** One session for everybody but bob. */
export const allButBob: SessionPolicyFunction = (user) => user.id !== "bob";
