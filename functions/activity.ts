import { deployedParts, wireActivity } from "./wiring.ts";

export const handler = wireActivity(deployedParts());
