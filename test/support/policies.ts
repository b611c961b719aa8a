import type { SessionPolicyFunction } from "../../infra/index.ts";

/** One session for everybody but bob. */
export const allButBob: SessionPolicyFunction = (user) => user.id !== "bob";

/** One phone and one browser. */
export const onePhoneAndOneBrowser: SessionPolicyFunction = () => ({
  limit: 2,
  atLimit: "displace",
  perDeviceClass: { mobile: 1, desktop: 1 },
});

/**
 * bob may have two sessions and chooses at the limit, carol two and is denied; everybody else has one, the
 * newest.
 */
export const someChoose: SessionPolicyFunction = (user) => {
  if (user.id === "bob") return { limit: 2, atLimit: "ask" };
  return user.id === "carol" ? { limit: 2, atLimit: "deny" } : true;
};

/** Broken in each way a policy can be, by the name of the user. */
export const broken: SessionPolicyFunction = (user) => {
  if (user.id === "alice") throw new Error("no such licence");
  return { limit: 0, atLimit: "displace" };
};
