import type { ActivityRecord } from "../src/activity/activity.ts";
import type { ActivityWriter } from "../src/activity/store.ts";
import { withinAtMost } from "../src/dynamodb/time-left.ts";
import type { CallRecord } from "../src/runtime/telemetry.ts";

/** How long a call waits for a record of activity, which is worth no more of anybody's time. */
const KEPT_WITHIN_MS = 200;

/**
 * Keeps a record of what a call did, as far as it can be done at once: a record that cannot be kept fails
 * nothing, and is counted as lost.
 * @param logLost writes the line that says so.
 */
export async function keepBriefly(
  writer: Pick<ActivityWriter, "put">,
  activity: ActivityRecord,
  record: CallRecord | undefined,
  logLost: (error: unknown) => void,
): Promise<void> {
  // A connection that does not come about takes longer than a request may.
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new DOMException(`not kept within ${KEPT_WITHIN_MS} ms`, "TimeoutError")),
    KEPT_WITHIN_MS,
  );
  try {
    await Promise.race([withinAtMost(KEPT_WITHIN_MS, () => writer.put(activity)), late]);
  } catch (error) {
    record?.count("ActivityLost");
    logLost(error);
  } finally {
    clearTimeout(timer);
  }
}
