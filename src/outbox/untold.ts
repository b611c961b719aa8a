import type { SessionEvent } from "./events.ts";

/**
 * The messages of the queue of what the outbox could not tell: finished events, which a redrive tells as they
 * are, and what is known of records that could not be read.
 */
export type Untold = { readonly event: SessionEvent } | { readonly unreadable: UnreadableRecord };

/** A record of the stream that made no sense. No value of its item is here. */
export interface UnreadableRecord {
  readonly sessionId: string;
  /** Names of members, and what is wrong with them. */
  readonly problem: string;
  /** The record's own id and number in the stream, as far as it has them. */
  readonly eventId?: string;
  readonly sequenceNumber?: string;
}

/** The body of a message. SQS takes none with U+FFFE or U+FFFF, which a user id may have. */
export const toMessageBody = (untold: Untold): string =>
  JSON.stringify(untold).replaceAll("\ufffe", "\\ufffe").replaceAll("\uffff", "\\uffff");
