import type { ActivityHourView } from "../../../src/api/parts/shapes.ts";

/** What happened in an hour, a day, or several of them. */
export interface Bucket {
  /** Epoch milliseconds; the end is the beginning of the next. */
  readonly start: number;
  readonly end: number;
  readonly counts: Counts;
  /** How many sessions were live, the most of it; `undefined` where it is not known. */
  readonly live: number | undefined;
}

/** What is counted. */
export interface Counts {
  readonly started: number;
  readonly displaced: number;
  /** Ends of sessions by all other reasons. */
  readonly otherEnds: number;
  readonly denied: number;
  readonly throttled: number;
  readonly suspected: number;
}

const HOUR_MS = 3_600_000;

/** The hours as they are, or by days of the browser's time zone. */
export function bucketsOf(hours: readonly ActivityHourView[], per: "hour" | "day"): readonly Bucket[] {
  const buckets = hours.map(toBucket);
  if (per === "hour") return buckets;
  const byDay = new Map<number, Bucket[]>();
  for (const bucket of buckets) {
    const day = new Date(bucket.start).setHours(0, 0, 0, 0);
    byDay.set(day, [...(byDay.get(day) ?? []), bucket]);
  }
  return [...byDay].map(([day, ofDay]) => ({
    start: day,
    end: nextDay(day),
    counts: totalsOf(ofDay),
    live: highest(ofDay),
  }));
}

function toBucket({ hour, ended, started, denied, throttled, suspected, live }: ActivityHourView): Bucket {
  const start = Date.parse(hour);
  const otherEnds = ended.logged_out + ended.revoked + ended.expired + ended.unknown;
  return {
    start,
    end: start + HOUR_MS,
    counts: { started, displaced: ended.displaced, otherEnds, denied, throttled, suspected },
    live,
  };
}

/** Not 24 hours later, which a change of the clocks makes another day. */
function nextDay(day: number): number {
  const next = new Date(day);
  return next.setDate(next.getDate() + 1);
}

function highest(buckets: readonly Bucket[]): number | undefined {
  const known = buckets.flatMap(({ live }) => live ?? []);
  return known.length === 0 ? undefined : Math.max(...known);
}

/** So many buckets as one, counted from the newest: the first may be of fewer. */
export function together(buckets: readonly Bucket[], size: number): readonly Bucket[] {
  const groups: (readonly Bucket[])[] = [];
  for (let end = buckets.length; end > 0; end -= size)
    groups.unshift(buckets.slice(Math.max(0, end - size), end));
  return groups.map((some) => ({
    start: Math.min(...some.map(({ start }) => start)),
    end: Math.max(...some.map(({ end }) => end)),
    counts: totalsOf(some),
    live: highest(some),
  }));
}

const NOTHING: Counts = { started: 0, displaced: 0, otherEnds: 0, denied: 0, throttled: 0, suspected: 0 };

/** All buckets together. */
export function totalsOf(buckets: readonly Bucket[]): Counts {
  return buckets.reduce(
    (sum, { counts }) => ({
      started: sum.started + counts.started,
      displaced: sum.displaced + counts.displaced,
      otherEnds: sum.otherEnds + counts.otherEnds,
      denied: sum.denied + counts.denied,
      throttled: sum.throttled + counts.throttled,
      suspected: sum.suspected + counts.suspected,
    }),
    NOTHING,
  );
}
