import { deployedParts, wireValidate } from "./wiring.ts";

export const handler = wireValidate(deployedParts());
