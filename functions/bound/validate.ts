import { wireBound } from "../wire-bound.ts";
import { deployedParts, wireValidate } from "../wiring.ts";

const parts = deployedParts();
export const handler = wireValidate({ ...parts, bound: wireBound(parts) });
