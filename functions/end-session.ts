import { deployedParts, wireEndSession } from "./wiring.ts";

export const handler = wireEndSession(deployedParts());
