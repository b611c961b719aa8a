import type { FieldError } from "../src/api/parts/problems.ts";
import { toIsoTime } from "../src/http/views.ts";

/** A period in epoch milliseconds, both ends in it, or what is wrong with the one that was asked for. */
export type PeriodReading =
  | { readonly outcome: "read"; readonly from: number; readonly to: number }
  | { readonly outcome: "invalid"; readonly errors: readonly FieldError[] };

const DAY_MS = 24 * 60 * 60_000;

/**
 * The period of a query: up to now where `to` is missing. A `to` in the future counts as now, for nothing has
 * happened there.
 * @param usualMs how long it is where `from` is missing.
 * @param mostMs how long it may be.
 */
export function readPeriod(
  asked: { readonly from?: string | undefined; readonly to?: string | undefined },
  { now, usualMs, mostMs }: { readonly now: number; readonly usualMs: number; readonly mostMs: number },
): PeriodReading {
  const to = asked.to === undefined ? now : Date.parse(asked.to);
  const end = Math.min(to, now);
  const from = asked.from === undefined ? end - usualMs : Date.parse(asked.from);
  const days = Math.round(mostMs / DAY_MS);
  const until = asked.to === undefined ? `now (${toIsoTime(now)})` : `to (${asked.to})`;
  const refused = (accepted: string): PeriodReading => {
    const detail = `from is ${JSON.stringify(asked.from)}; accepted is ${accepted}.`;
    return { outcome: "invalid", errors: [{ parameter: "from", detail }] };
  };
  if (asked.from !== undefined && from > to) return refused(`a time not after ${until}`);
  if (end - from > mostMs) return refused(`a time at most ${days} days before ${until}`);
  // Nothing is older than the epoch.
  return { outcome: "read", from: Math.max(from, 0), to: Math.max(to, 0) };
}
