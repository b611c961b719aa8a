import { deployedParts, wireLogout } from "./wiring.ts";

export const handler = wireLogout(deployedParts());
