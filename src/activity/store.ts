import type { EndedReason } from "../sessions/ending.ts";
import type { ActivityDevice, ActivityKind, ActivityRecord, Suspicion } from "./activity.ts";

/** What the store of activity does. Times are epoch milliseconds. */

export interface ActivityWriter {
  /**
   * Keeps a record, and counts it in its hour if it was new: a record that is put again counts once. It is
   * lost, and not counted twice, where the function dies in between.
   * @throws StoreUnavailableError where DynamoDB did not answer.
   */
  put(record: ActivityRecord): Promise<"new" | "known">;
  /**
   * The same for many, with one addition to each hour. What fails is in the answer: nothing is thrown.
   */
  putAll(records: readonly ActivityRecord[]): Promise<PutActivity>;
}

/** What came of putting records. */
export interface PutActivity {
  /** Those that were new, and are counted. */
  readonly fresh: readonly ActivityRecord[];
  readonly lost: readonly LostActivity[];
}

/** What could not be written. A recount finds counts again; nothing finds the rest. */
export interface LostActivity {
  readonly what: "record" | "count" | "suspect";
  /** The records that it is about; counts are of many. */
  readonly records: readonly ActivityRecord[];
  readonly error: unknown;
}

/** A part of a list. It may be short or empty and still have a cursor; without one there is no more. */
export interface ActivityPage<Item> {
  readonly items: readonly Item[];
  readonly cursor?: string;
}

export interface ActivityListRequest {
  /** One user's, up to 90 days back; everybody's, up to 35 days back, where left out. */
  readonly userId?: string;
  /** All unless given. */
  readonly kinds?: readonly ActivityKind[];
  /** The first moment and the last. */
  readonly from: number;
  readonly to: number;
  readonly limit: number;
  readonly cursor?: string;
}

/** All methods throw StoreUnavailableError where DynamoDB did not answer. */
export interface ActivityReader {
  /** The hours that have a moment from `from` to `to`, oldest first, up to 35 days back. */
  hours(range: { readonly from: number; readonly to: number }): Promise<ActivityHours>;
  /**
   * Records, newest first.
   * @throws InvalidCursorError for a cursor that no page of this list gave.
   */
  list(request: ActivityListRequest): Promise<ActivityPage<ActivityRecord>>;
  /**
   * Who is suspected of sharing an account, the latest first.
   * @throws InvalidCursorError for a cursor that no page of this list gave.
   */
  suspects(request: { readonly limit: number; readonly cursor?: string }): Promise<ActivityPage<Suspect>>;
}

export interface ActivityHours {
  readonly hours: readonly ActivityHour[];
  /** How many sessions were live when it was last measured; `undefined` where that was not lately. */
  readonly live: number | undefined;
}

/** What happened in an hour of UTC, by the times of the records. */
export interface ActivityHour {
  /** When it began. */
  readonly hour: number;
  readonly started: number;
  readonly ended: Readonly<Record<EndedReason, number>>;
  readonly denied: number;
  readonly throttled: number;
  readonly suspected: number;
  /** How many sessions were live when it was last measured in that hour. */
  readonly live: number | undefined;
}

/** A user who may share an account: all that raised the suspicion, in one. */
export interface Suspect {
  readonly userId: string;
  readonly firstAt: number;
  readonly lastAt: number;
  /** How often something raised the suspicion. */
  readonly times: number;
  readonly suspicions: readonly Suspicion[];
  /** The two devices of the last time. */
  readonly devices: readonly [ActivityDevice, ActivityDevice];
  /** The session of the last time. */
  readonly sessionId?: string;
}
