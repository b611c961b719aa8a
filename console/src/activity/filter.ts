import type { ActivityView } from "../../../src/api/parts/shapes.ts";
import type { ActivityRequest } from "../api/activity-calls.ts";
import {
  LAST_WEEK,
  LONGEST,
  LONGEST_OF_USER,
  momentsOf,
  periodOf,
  periodQuery,
  type Period,
} from "./period.ts";

export type Kind = ActivityView["kind"];
export type Reason = NonNullable<ActivityView["reason"]>;

/** In the order in which they are offered. */
export const KINDS: readonly Kind[] = [
  "started",
  "ended",
  "denied",
  "throttled",
  "contention",
  "suspected",
  "administered",
];
export const REASONS: readonly Reason[] = ["displaced", "logged_out", "revoked", "expired", "unknown"];

/** What is looked for among what happened; an empty list looks for everything. */
export interface ActivityFilter {
  readonly userId?: string | undefined;
  readonly kinds: readonly Kind[];
  /** Why sessions ended: only endings then. */
  readonly reasons: readonly Reason[];
  readonly sessionId?: string | undefined;
  readonly period: Period;
}

export const NO_FILTER: ActivityFilter = { kinds: [], reasons: [], period: LAST_WEEK };

/** The longest period that can be looked at. */
export const longestOf = ({ userId }: Pick<ActivityFilter, "userId">): Period =>
  userId === undefined ? LONGEST : LONGEST_OF_USER;

/** The address of the activity page with a filter. */
export function activityHref(filter: Partial<ActivityFilter>): string {
  const { userId, kinds = [], reasons = [], sessionId, period } = filter;
  const query = new URLSearchParams({
    ...(userId !== undefined && { user: userId }),
    ...(kinds.length > 0 && { kind: kinds.join(",") }),
    ...(reasons.length > 0 && { reason: reasons.join(",") }),
    ...(sessionId !== undefined && { session: sessionId }),
    ...(period !== undefined && periodQuery(period)),
  }).toString();
  return query === "" ? "#/activity" : `#/activity?${query}`;
}

/** The filter of such an address, or of one that somebody wrote by hand. */
export function filterOf(search: string): ActivityFilter {
  const query = new URLSearchParams(search);
  const listed = <Word extends string>(name: string, words: readonly Word[]): readonly Word[] => {
    const given = (query.get(name) ?? "").split(",");
    return words.filter((word) => given.includes(word));
  };
  const text = (name: string): string | undefined => {
    const given = (query.get(name) ?? "").trim().normalize("NFC");
    return given === "" ? undefined : given;
  };
  return {
    userId: text("user"),
    kinds: listed("kind", KINDS),
    reasons: listed("reason", REASONS),
    sessionId: text("session"),
    period: periodOf(query, NO_FILTER.period),
  };
}

/**
 * What to ask the API for: all that it can tell apart itself.
 * @param now epoch milliseconds.
 */
export function requestOf(filter: ActivityFilter, now: number): Omit<ActivityRequest, "cursor"> {
  const { userId, reasons, period } = filter;
  const kinds = reasons.length > 0 ? ["ended"] : filter.kinds;
  return {
    ...momentsOf(period, longestOf(filter), now),
    ...(userId !== undefined && { userId }),
    ...(kinds.length > 0 && { kind: kinds.join(",") }),
  };
}

/** Whether a record is one of those looked for, as far as the API cannot tell. */
export const matches = ({ reasons, sessionId }: ActivityFilter, record: ActivityView): boolean =>
  (reasons.length === 0 || (record.reason !== undefined && reasons.includes(record.reason))) &&
  (sessionId === undefined || record.sessionId === sessionId);

/** Whether records have to be looked through here, since the API cannot. */
export const isSifted = ({ reasons, sessionId }: ActivityFilter): boolean =>
  reasons.length > 0 || sessionId !== undefined;
