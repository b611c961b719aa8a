import { Backoff } from "./backoff.ts";
import type { StoreDependencies } from "./dependencies.ts";
import { StoreUnavailableError } from "./errors.ts";
import { readRoster } from "./read.ts";
import type { Roster } from "./roster.ts";

const CONTENTION_BACKOFF = { firstMs: 10, longestMs: 2000, patienceMs: 15_000 };

/**
 * Commits of one user at once take turns; each turn is one transaction, and somebody always gets through. Whoever lost a turn
 * goes on from the roster that the failed condition returned, which makes two logins at once cost one retry and no read. Whoever
 * lost again waits, and then reads anew: what was read before a wait is old after it, and deciding from it loses the next
 * turn too (measured: half the transactions at 8 and at 32 logins at once).
 */
export class Contention {
  readonly #dependencies: StoreDependencies;
  readonly #userId: string;
  readonly #backoff: Backoff;
  #lost = 0;

  constructor(dependencies: StoreDependencies, userId: string) {
    this.#dependencies = dependencies;
    this.#userId = userId;
    this.#backoff = new Backoff(dependencies, CONTENTION_BACKOFF);
  }

  /**
   * The roster to decide from after a turn was lost to the one that `returned` shows.
   * @throws StoreUnavailableError where patience ended; nothing was changed.
   */
  async rosterAfter(returned: Roster): Promise<Roster> {
    if (this.#lost++ === 0) return returned;
    if ((await this.#backoff.wait()) === "out-of-patience") {
      throw new StoreUnavailableError("too many changes of one user's sessions at once", { effect: "none" });
    }
    return readRoster(this.#dependencies, this.#userId);
  }
}
