import { deployedParts, wireAuthorize } from "./wiring.ts";

export const handler = wireAuthorize(deployedParts());
