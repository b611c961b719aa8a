import type { SessionRef } from "./history.ts";

/** A token that a login gave. */
export interface KnownToken {
  readonly session: SessionRef;
  readonly token: string;
  readonly userId: string;
}

export interface IssuedIdToken {
  readonly userId: string;
  readonly tokenId: string;
  /** Empty until it is signed. */
  idToken: string;
}

/**
 * What the clients of a round know together: tokens get copied, stolen and kept when they are worth nothing
 * any more.
 */
export class ClientKnowledge {
  readonly tokens: KnownToken[] = [];
  readonly idTokens: IssuedIdToken[] = [];
  /** By user of the directory: the names of all passwords so far, the newest last. */
  readonly #credentials = new Map<string, string[]>();
  /** By user: the sessions that the last refusal at the limit listed. */
  readonly #offered = new Map<string, readonly SessionRef[]>();

  learn(known: KnownToken): void {
    this.tokens.push(known);
  }

  tokensOf(userId: string): readonly KnownToken[] {
    return this.tokens.filter((known) => known.userId === userId);
  }

  offer(userId: string, sessions: readonly SessionRef[]): void {
    this.#offered.set(userId, sessions);
  }

  offeredTo(userId: string): readonly SessionRef[] {
    return this.#offered.get(userId) ?? [];
  }

  /** A name for one more password of a user. */
  newCredentials(userId: string): string {
    const names = this.#credentials.get(userId) ?? [];
    const name = `${userId}/password-${names.length + 1}`;
    this.#credentials.set(userId, [...names, name]);
    return name;
  }

  /** The newest name first. */
  credentialsOf(userId: string): readonly string[] {
    return (this.#credentials.get(userId) ?? []).toReversed();
  }
}

/** The password of a name; long enough for the directory. */
export const passwordOf = (credentials: string): string => `the long password ${credentials}`;
