import { deployedParts, wireRecount } from "./wiring.ts";

export const handler = wireRecount(deployedParts());
