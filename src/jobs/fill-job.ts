import { cutList } from "./cut-list.ts";
import type { Job } from "./job.ts";
import type { JobStore } from "./store.ts";

/** Steps that are written at once: enough to hide the round trips. */
const WRITES_AT_ONCE = 8;

/**
 * Writes a job's list, a step an item.
 * @param onWritten is told how many users are written so far.
 * @returns the size of the list, or `undefined` where the signal stopped it before the end.
 */
export async function fillJob(
  store: Pick<JobStore, "writeStep">,
  job: Job,
  userIds: readonly string[],
  signal: AbortSignal,
  onWritten: (users: number) => void,
): Promise<Pick<Job, "users" | "steps"> | undefined> {
  const size = { users: 0, steps: 0 };
  let written = 0;
  const cut = cutList(userIds);
  const worker = async (): Promise<void> => {
    while (!signal.aborted) {
      const next = await cut.next();
      if (next.done === true) return;
      const some = next.value;
      const step = size.steps;
      size.steps += 1;
      size.users += some.length;
      await store.writeStep(job, step, some);
      written += some.length;
      onWritten(written);
    }
  };
  await Promise.all(Array.from({ length: WRITES_AT_ONCE }, worker));
  return signal.aborted ? undefined : size;
}
