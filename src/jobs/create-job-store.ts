import { jobMethods } from "./job-methods.ts";
import { stepMethods } from "./step-methods.ts";
import type { JobStore, JobStoreDependencies } from "./store.ts";

/** A store of jobs over its table. */
export const createJobStore = (dependencies: JobStoreDependencies): JobStore => ({
  ...jobMethods(dependencies),
  ...stepMethods(dependencies),
});
