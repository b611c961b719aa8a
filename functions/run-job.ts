import { deployedParts } from "./parts.ts";
import { wireRunJob } from "./wire-jobs.ts";

export const handler = wireRunJob(deployedParts());
