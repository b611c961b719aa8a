/**
 * Names of the jobs table: lists of users to log out, and how far each is. It imports nothing, so that the
 * CDK construct and the functions share it and cannot drift apart.
 */
export const PARTITION_KEY = "pk";
export const SORT_KEY = "sk";
/** Epoch *seconds*, as DynamoDB's TTL wants them. */
export const TTL_ATTRIBUTE = "ttl";

/** All jobs are in one partition, newest last, so that a query lists them. */
export const JOBS_PARTITION = "jobs";
const STEP_PREFIX = "step#";

/** Key of a job. */
export const jobKey = (jobId: string) => ({ pk: JOBS_PARTITION, sk: jobId }) as const;

/**
 * Partition of one step: its users, and beside them what came of them. A partition for each step lets a list
 * be written as fast as the table takes it.
 */
export const stepPartition = (jobId: string, step: number): string => `${STEP_PREFIX}${jobId}#${step}`;

/** Key of the users of a step. */
export const usersKey = (jobId: string, step: number) =>
  ({ pk: stepPartition(jobId, step), sk: "users" }) as const;

/** Key of what came of a step's users: an item of its own, since each write is paid by the item's size. */
export const resultKey = (jobId: string, step: number) =>
  ({ pk: stepPartition(jobId, step), sk: "result" }) as const;

/** A pattern of the partition keys of all steps, for grants. */
export const STEP_PARTITIONS = `${STEP_PREFIX}*`;
