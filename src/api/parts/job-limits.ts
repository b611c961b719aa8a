/** Of the rules of jobs, what a page needs to know: without schemas, which are no part of a page. */
export { LOST_AFTER_MS } from "../../jobs/job.ts";
