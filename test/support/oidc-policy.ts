import type { SessionPolicyFunction } from "../../infra/index.ts";

/** By what the provider says of the person: contractors are asked, everybody else has one session. */
export const askContractors: SessionPolicyFunction = ({ claims }) =>
  claims["employment"] === "contractor" ? { limit: 1, atLimit: "ask" } : true;
