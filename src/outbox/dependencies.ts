import type { ActivityWriter } from "../activity/store.ts";
import type { BatchDependencies } from "../dynamodb/batch.ts";
import type { Send } from "./deliver.ts";
import type { SessionEvent } from "./events.ts";
import type { Untold } from "./untold.ts";

/** Sends a hint to a session's channel; it gives up when the signal says so. */
export type PublishHint = (channel: string, signal: AbortSignal) => Promise<void>;

/** All that the outbox gets from outside. */
export interface OutboxDependencies extends BatchDependencies {
  /** The deployment's era. */
  readonly era: string;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly putEvents: Send<SessionEvent>;
  /** Keeps what could not be told, for a redrive. */
  readonly sendToQueue: Send<Untold>;
  /** Absent where push is off. */
  readonly publishHint?: PublishHint | undefined;
  /** Keeps what happened for people to read; absent where activity is off. */
  readonly activity?: Pick<ActivityWriter, "putAll"> | undefined;
  /** Told of everything that did not go as it should. */
  readonly onProblem: (problem: OutboxProblem) => void;
}

/** What did not go as it should. None of these loses an event. */
export interface OutboxProblem {
  readonly problem:
    /** The endings could not be read: Lambda gives the records again. */
    | "endings-unread"
    /** The bus did not take an event: it goes to the queue. */
    | "event-refused"
    /** The queue did not take one either: Lambda gives the record again. */
    | "queue-refused"
    /** A page learns of it when it asks the next time. */
    | "hint-failed"
    /** It goes to the queue. */
    | "record-unreadable"
    /** Somebody put an older session into the table: nothing is told. */
    | "session-copied"
    /** People will not find it in the lists; counts come back with the next recount. */
    | "activity-lost";
  readonly sessionId?: string;
  /** A service's code, or what is wrong with a record. */
  readonly code?: string;
  readonly error?: unknown;
}
