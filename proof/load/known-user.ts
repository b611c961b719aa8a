/** A session as the load knows it from answers. */
export interface KnownSession {
  readonly id: string;
  readonly token: string;
}

/** A session that is over, and the code by which `GET /session` must say so. */
export interface EndedSession extends KnownSession {
  readonly code: EndedCode;
}

export type EndedCode = "session_displaced" | "session_logged_out" | "session_revoked";

/**
 * Endings to remember for each user: enough to find ghosts, few enough that the load itself does not grow.
 */
const KEPT_ENDED = 6;

/**
 * What must be so of one user. Changes of a user's sessions take turns (`isBusy`), so that after each of them
 * it is known exactly which sessions live; a read that overlaps a change may see the state before or after
 * it.
 */
export class KnownUser {
  readonly userId: string;
  readonly limit: number;
  /** Whether the user is in the password directory. */
  readonly hasPassword: boolean;
  readonly live: KnownSession[] = [];
  readonly ended: EndedSession[] = [];
  #changes = 0;
  #busy = false;
  #givenUp = false;

  constructor(user: { readonly userId: string; readonly limit: number; readonly hasPassword: boolean }) {
    this.userId = user.userId;
    this.limit = user.limit;
    this.hasPassword = user.hasPassword;
  }

  get isBusy(): boolean {
    return this.#busy;
  }

  /** Takes the turn; false where another client has it. */
  begin(): boolean {
    if (this.#busy) return false;
    this.#busy = true;
    this.#changes += 1;
    return true;
  }

  finish(): void {
    this.#busy = false;
    this.#changes += 1;
  }

  /** Whether it is no longer known what must be so. */
  get isGivenUp(): boolean {
    return this.#givenUp;
  }

  giveUp(): void {
    this.#givenUp = true;
  }

  /** A mark to compare with after a read: `wasStill(mark)` says that no change overlapped it. */
  mark(): number {
    return this.#busy ? -1 : this.#changes;
  }

  wasStill(mark: number): boolean {
    return mark === this.#changes;
  }

  began(session: KnownSession): void {
    this.live.push(session);
  }

  /** Moves a session to the ended ones. False where it was not known to live. */
  end(id: string, code: EndedCode): boolean {
    const index = this.live.findIndex((session) => session.id === id);
    const [session] = index < 0 ? [] : this.live.splice(index, 1);
    if (session === undefined) return false;
    this.ended.push({ ...session, code });
    if (this.ended.length > KEPT_ENDED) this.ended.shift();
    return true;
  }

  endAll(code: EndedCode): number {
    const ids = this.live.map(({ id }) => id);
    for (const id of ids) this.end(id, code);
    return ids.length;
  }
}
