import { deployedParts, wireLoginOidc } from "./wiring.ts";

export const handler = wireLoginOidc(deployedParts());
