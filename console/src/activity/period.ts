import type { PeriodRequest } from "../api/activity-calls.ts";

/** The units of a period that ends now, by the letter that stands for each in an address. */
export const UNITS = { m: "minute", h: "hour", d: "day", w: "week" } as const;
type Letter = keyof typeof UNITS;
export type Unit = (typeof UNITS)[Letter];

const UNIT_MS: Readonly<Record<Unit, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
};

/** A period that ends now, or one between two moments in ISO 8601. */
export type Period =
  { readonly amount: number; readonly unit: Unit } | { readonly from: string; readonly to: string };

export const LAST_DAY: Period = { amount: 24, unit: "hour" };
export const LAST_WEEK: Period = { amount: 7, unit: "day" };
/** As far back as the API goes for everybody. */
export const LONGEST: Period = { amount: 35, unit: "day" };
/** The same of one user: `USERS_ACTIVITY_MS` of `src/activity`. */
export const LONGEST_OF_USER: Period = { amount: 90, unit: "day" };

/** Whether two periods are the same. */
export const isSamePeriod = (a: Period, b: Period): boolean => JSON.stringify(a) === JSON.stringify(b);

/** How long a period is, in milliseconds. */
export const lengthOf = (period: Period): number =>
  "amount" in period ? period.amount * UNIT_MS[period.unit] : Date.parse(period.to) - Date.parse(period.from);

/**
 * The moments that a period begins and ends at. What lies before the longest that is kept is cut off.
 * @param now epoch milliseconds.
 */
export function momentsOf(period: Period, longest: Period, now: number): PeriodRequest {
  const [from, to] =
    "amount" in period ? [now - lengthOf(period), now] : [Date.parse(period.from), Date.parse(period.to)];
  const earliest = now - lengthOf(longest);
  return {
    from: new Date(Math.max(from, Math.min(earliest, to - 1))).toISOString(),
    to: new Date(to).toISOString(),
  };
}

/** What an address says of a period: `last=24h`, or `from` and `to`. */
export function periodQuery(period: Period): Readonly<Record<string, string>> {
  if (!("amount" in period)) return { from: period.from, to: period.to };
  const letter = Object.entries(UNITS).find(([, unit]) => unit === period.unit)?.[0] ?? "h";
  return { last: `${period.amount}${letter}` };
}

/** The period of such an address, or of one that somebody wrote by hand; `fallback` where it has none. */
export function periodOf(query: URLSearchParams, fallback: Period): Period {
  const [, amount = "", letter = ""] = /^(\d{1,4})([mhdw])$/.exec(query.get("last") ?? "") ?? [];
  if (Number(amount) > 0) return { amount: Number(amount), unit: UNITS[letter as Letter] };
  const [from, to] = [Date.parse(query.get("from") ?? ""), Date.parse(query.get("to") ?? "")];
  if (!(from < to)) return fallback;
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}
