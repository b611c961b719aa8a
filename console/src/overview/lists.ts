import { activityHref, type ActivityFilter } from "../activity/filter.ts";
import type { Period } from "../activity/period.ts";
import type { Counts } from "./buckets.ts";

/** What has to be looked for to see what was counted. */
const FILTERS: Readonly<Record<keyof Counts, Partial<ActivityFilter>>> = {
  started: { kinds: ["started"] },
  displaced: { kinds: ["ended"], reasons: ["displaced"] },
  otherEnds: { kinds: ["ended"], reasons: ["logged_out", "revoked", "expired", "unknown"] },
  denied: { kinds: ["denied"] },
  throttled: { kinds: ["throttled"] },
  suspected: { kinds: ["contention", "suspected"] },
};

/** The address of the list behind some counts of a period. */
export function listHref(counted: readonly (keyof Counts)[], period: Period): string {
  const filters = counted.map((count) => FILTERS[count]);
  const kinds = [...new Set(filters.flatMap((filter) => filter.kinds ?? []))];
  const reasons = filters.flatMap((filter) => filter.reasons ?? []);
  const isAllEnds = counted.includes("displaced") && counted.includes("otherEnds");
  return activityHref({ kinds, ...(!isAllEnds && { reasons }), period });
}
