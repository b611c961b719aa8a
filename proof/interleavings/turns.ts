import { setImmediate as quiet } from "node:timers/promises";

/** A protocol that does not come to an end: every operation here needs far fewer requests. */
const MOST_TURNS = 200;

/** Something a client waits to do: a request to the database, or a pause. */
interface Waiting {
  readonly client: number;
  readonly label: string;
  readonly go: () => Promise<void>;
}

/** Raised where operations keep asking and never end. */
export class EndlessError extends Error {
  override readonly name = "EndlessError";
}

/**
 * Lets one client at a time do one thing, in an order given beforehand: nothing is left to the machine's
 * scheduling, so that the same order of turns always gives the same history.
 */
export class Turns {
  /** What was done, in order, for people. */
  readonly taken: string[] = [];
  readonly #waiting: Waiting[] = [];
  #last = 0;

  /** Waits for a turn, does the work, and gives its result. */
  take<T>(client: number, label: string, work: () => Promise<T>): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const go = (): Promise<void> => work().then(resolve, reject);
    this.#waiting.push({ client, label, go });
    return promise;
  }

  /** Plays until nobody waits any more. `after` is called after each turn, before the client goes on. */
  async play(choices: readonly number[], after: () => Promise<void>): Promise<void> {
    for (let turn = 0; ; turn++) {
      // Whatever can run without a turn has then run: between turns there are microtasks only.
      await quiet();
      const next = this.#choose(choices[turn] ?? 0);
      if (next === undefined) return;
      if (turn >= MOST_TURNS) throw new EndlessError(`not done after ${MOST_TURNS} requests`);
      this.#last = next.client;
      this.taken.push(`${next.client} ${next.label}`);
      await next.go();
      await after();
    }
  }

  #choose(choice: number): Waiting | undefined {
    const rank = ({ client }: Waiting): number => (client === this.#last ? -1 : client);
    const ordered = this.#waiting.toSorted((one, other) => rank(one) - rank(other));
    const chosen = ordered[choice % Math.max(1, ordered.length)];
    if (chosen !== undefined) this.#waiting.splice(this.#waiting.indexOf(chosen), 1);
    return chosen;
  }
}
