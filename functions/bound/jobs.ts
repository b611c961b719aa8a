import { deployedJobsParts } from "../jobs-parts.ts";
import { wireBoundValidation } from "../wire-bound.ts";
import { wireJobs } from "../wiring.ts";

const parts = deployedJobsParts();
export const handler = wireJobs({ ...parts, bound: wireBoundValidation(parts) });
