import type { ActivityRecord } from "../src/activity/activity.ts";
import type { ActivityWriter } from "../src/activity/store.ts";
import { withinAtMost } from "../src/dynamodb/time-left.ts";
import type { CallRecord } from "../src/runtime/telemetry.ts";

/** How long a call waits for a record of activity, which is worth no more of anybody's time. */
export const KEPT_WITHIN_MS = 200;

/**
 * Keeps a record of what a call did, as far as it can be done at once: a record that cannot be kept fails
 * nothing, and is counted and logged as lost.
 */
export async function keepBriefly(
  writer: Pick<ActivityWriter, "put">,
  activity: ActivityRecord,
  record: CallRecord,
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not kept within ${KEPT_WITHIN_MS} ms`)), KEPT_WITHIN_MS);
  });
  try {
    await Promise.race([withinAtMost(KEPT_WITHIN_MS, () => writer.put(activity)), late]);
  } catch (error) {
    record.count("ActivityLost");
    record.activityLost({ kind: activity.kind, id: activity.id }, error);
  } finally {
    clearTimeout(timer);
  }
}
