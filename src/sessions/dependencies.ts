import { randomBytes } from "node:crypto";
import { REAL_WAITING, type BackoffDependencies } from "../dynamodb/backoff.ts";
import type { DocumentClient } from "../dynamodb/document-client.ts";
import type { PushSettings } from "./channel.ts";
import { SeenWhole } from "./seen-whole.ts";
import type { Timeouts } from "./session.ts";
import type { RandomBytes } from "./token.ts";

/** The settings the protocol depends on (design section 5). */
export interface SessionSettings {
  readonly era: string;
  readonly timeouts: Timeouts;
  readonly logoutAllSessions: boolean;
  /** Whether it is recorded from which places a session is used: where somebody can be told. */
  readonly places?: true;
  /** Where push is on. Absent: sessions get no channel. */
  readonly push?: PushSettings;
}

/** What a store knows of the identity sources with `accessTokens`. Absent where there is none. */
export interface SignInSettings {
  /** The sign-in table's name. */
  readonly tableName: string;
  /** Whether a user id is of such a source: whether it may come back by a sign-in from before a revoke. */
  readonly isOfSource: (userId: string) => boolean;
}

/** All that the store's operations get from outside. */
export interface StoreDependencies extends BackoffDependencies {
  readonly documents: DocumentClient;
  readonly tableName: string;
  readonly settings: SessionSettings;
  /** The time of day in epoch milliseconds. */
  readonly clock: () => number;
  readonly random: RandomBytes;
  /** Told of a touch that failed for no fault of the session's; it stays live. For a log line. */
  readonly onTouchFailure: (error: unknown) => void;
  readonly signIns?: SignInSettings | undefined;
  /** What this instance remembers of bound sessions. */
  readonly seenWhole: SeenWhole;
}

/** What a store needs; time, randomness and waiting are the real ones unless given. */
export type SessionStoreOptions = Partial<StoreDependencies> &
  Pick<StoreDependencies, "documents" | "tableName" | "settings">;

/** The dependencies with the real time, randomness and waiting where no others are given. */
export function withDefaults(options: SessionStoreOptions): StoreDependencies {
  return {
    clock: Date.now,
    random: randomBytes,
    ...REAL_WAITING,
    onTouchFailure: () => undefined,
    seenWhole: new SeenWhole(),
    ...options,
  };
}

/**
 * The name of the sign-in table.
 * @throws Error where the store was given none: then no source has `accessTokens`, and it should not be asked
 * for.
 */
export function signInTableOf({ signIns }: Pick<StoreDependencies, "signIns">): string {
  if (signIns === undefined) throw new Error("this store has no sign-in table, and was asked of a sign-in");
  return signIns.tableName;
}
