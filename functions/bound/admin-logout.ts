import { wireBoundValidation } from "../wire-bound.ts";
import { deployedParts, wireAdminLogout } from "../wiring.ts";

const parts = deployedParts();
export const handler = wireAdminLogout({ ...parts, bound: wireBoundValidation(parts) });
