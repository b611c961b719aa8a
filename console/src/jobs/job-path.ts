/** Where the jobs are listed. */
export const JOBS_HREF = "#/jobs";

/** The address of one job's page: a tab that was closed comes back by it. */
export const jobHref = (id: string): string => `${JOBS_HREF}/${id}`;
