import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { BackoffDependencies } from "./backoff.ts";
import type { Timeouts } from "./session.ts";
import type { RandomBytes } from "./token.ts";

/** The settings the protocol depends on (design section 5). */
export interface SessionSettings {
  readonly era: string;
  readonly timeouts: Timeouts;
  readonly logoutAllSessions: boolean;
}

/** All that the store's operations get from outside. */
export interface StoreDependencies extends BackoffDependencies {
  readonly documents: DynamoDBDocumentClient;
  readonly tableName: string;
  readonly settings: SessionSettings;
  /** The time of day in epoch milliseconds. */
  readonly clock: () => number;
  readonly random: RandomBytes;
  /** Told of a touch that failed for no fault of the session's; it stays live. For a log line. */
  readonly onTouchFailure: (error: unknown) => void;
}
