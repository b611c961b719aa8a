import type { SessionId } from "./token.ts";

/** A commit is through long before: no transaction takes a minute. */
export const WHOLE_AFTER_MS = 60_000;
/** Far more than one instance admits in a minute; it bounds the memory. */
const MOST_REMEMBERED = 10_000;

/**
 * The young bound sessions that this instance has seen whole: whose commit was answered, so that what it
 * displaced is gone for every reader. A client holds a bound session's token before the commit; without this
 * two sessions could be served at a limit of one while the commit is being applied (I4).
 */
export class SeenWhole {
  readonly #seen = new Set<SessionId>();

  has(id: SessionId): boolean {
    return this.#seen.has(id);
  }

  add(id: SessionId): void {
    // The oldest first: what is forgotten is looked at once more.
    const [oldest] = this.#seen;
    if (this.#seen.size >= MOST_REMEMBERED && oldest !== undefined) this.#seen.delete(oldest);
    this.#seen.add(id);
  }
}
