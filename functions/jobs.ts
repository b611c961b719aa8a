import { deployedJobsParts } from "./jobs-parts.ts";
import { wireJobs } from "./wiring.ts";

export const handler = wireJobs(deployedJobsParts());
