import { wireBoundValidation } from "../wire-bound.ts";
import { deployedParts, wireActivity } from "../wiring.ts";

const parts = deployedParts();
export const handler = wireActivity({ ...parts, bound: wireBoundValidation(parts) });
