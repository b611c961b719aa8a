import { wireBound } from "../wire-bound.ts";
import { deployedParts, wireAuthorize } from "../wiring.ts";

const parts = deployedParts();
export const handler = wireAuthorize({ ...parts, bound: wireBound(parts) });
