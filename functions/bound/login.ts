import { wireBound } from "../wire-bound.ts";
import { deployedParts, wireLogin } from "../wiring.ts";

const parts = deployedParts();
export const handler = wireLogin({ ...parts, bound: wireBound(parts) });
