import { wireBoundValidation } from "../wire-bound.ts";
import { deployedParts, wireListSessions } from "../wiring.ts";

const parts = deployedParts();
export const handler = wireListSessions({ ...parts, bound: wireBoundValidation(parts) });
