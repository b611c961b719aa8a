import { wireBound } from "../wire-bound.ts";
import { deployedParts, wireLogout } from "../wiring.ts";

const parts = deployedParts();
export const handler = wireLogout({ ...parts, bound: wireBound(parts) });
