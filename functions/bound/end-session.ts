import { wireBoundValidation } from "../wire-bound.ts";
import { deployedParts, wireEndSession } from "../wiring.ts";

const parts = deployedParts();
export const handler = wireEndSession({ ...parts, bound: wireBoundValidation(parts) });
