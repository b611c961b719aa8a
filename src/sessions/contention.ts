import { Backoff } from "../dynamodb/backoff.ts";
import type { Stale } from "./commit.ts";
import type { StoreDependencies } from "./dependencies.ts";
import { StoreUnavailableError } from "../dynamodb/errors.ts";
import { readRoster } from "./read.ts";
import type { Roster } from "./roster.ts";
import type { SessionId } from "./token.ts";

const CONTENTION_BACKOFF = { firstMs: 10, longestMs: 2000, patienceMs: 15_000 };

/**
 * Commits of one user at once take turns; each turn is one transaction, and somebody always gets through. A
 * login that lost a turn goes on from the roster that the failed condition returned, which makes two logins
 * at once cost one retry and no read. One that lost again waits, and then reads again: what was read before a
 * wait is old after it, and deciding from it loses the next turn too (measured: half the transactions at 8
 * and at 32 logins at once).
 *
 * Only two lost turns are followed by the next one at once, for they have made progress: the first that
 * returned a roster, and one that found a session dead which was not known to be (a user's sessions are few,
 * and a dead one stays dead). After any other a next turn at once could be lost for the same reason, for
 * ever.
 */
export class Contention {
  readonly #dependencies: StoreDependencies;
  readonly #userId: string;
  readonly #backoff: Backoff;
  readonly #dead = new Set<SessionId>();
  #moved = 0;

  constructor(dependencies: StoreDependencies, userId: string) {
    this.#dependencies = dependencies;
    this.#userId = userId;
    this.#backoff = new Backoff(dependencies, CONTENTION_BACKOFF);
  }

  /** The sessions that lost turns found dead. */
  get dead(): ReadonlySet<SessionId> {
    return this.#dead;
  }

  /**
   * The roster to decide from after a turn was lost that was decided from `roster`. It is the same one where
   * nothing is known to have moved it.
   * @throws StoreUnavailableError where patience ended, or the roster could not be read. Nothing was changed,
   * unless the effect is `unknown`.
   */
  async rosterAfter(roster: Roster, lost: Stale): Promise<Roster> {
    const known = this.#dead.size;
    for (const id of lost.dead) this.#dead.add(id);
    if (lost.roster !== undefined) {
      if (this.#moved++ === 0) return lost.roster;
    } else if (this.#dead.size > known) return roster;
    // What is there already was committed, and the roster tells by which attempt, if only it can be read.
    const effect = lost.isAdded ? "unknown" : "none";
    if ((await this.#backoff.wait()) === "out-of-patience") {
      throw new StoreUnavailableError("too many changes of one user's sessions at once", { effect });
    }
    try {
      return await readRoster(this.#dependencies, this.#userId);
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error;
      throw new StoreUnavailableError(error.message, { effect, cause: error.cause });
    }
  }
}
