import type { Job } from "./job.ts";
import { jobKey, PARTITION_KEY, SORT_KEY, TTL_ATTRIBUTE } from "./jobs-table.ts";

/** A job as its item has it: the id is the key. */
export function toJobItem({ id, ...job }: Job): Record<string, unknown> {
  return { ...jobKey(id), ...job };
}

const NOT_OF_A_JOB: readonly string[] = [PARTITION_KEY, SORT_KEY, TTL_ATTRIBUTE];

/** The same, read. Nobody else writes such items. */
export function fromJobItem(item: Readonly<Record<string, unknown>>): Job {
  const job = Object.entries(item).filter(([name]) => !NOT_OF_A_JOB.includes(name));
  return { id: item[SORT_KEY], ...Object.fromEntries(job) } as Job;
}
