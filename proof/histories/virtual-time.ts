/**
 * The time of a round: it runs faster than the real one, so that timeouts pass within seconds. Clocks of
 * function instances are this one, and a little off.
 */
export class VirtualTime {
  readonly #startedAt: number;
  readonly #realStart: number;
  readonly #scale: number;

  /** @param startedAt epoch milliseconds. @param scale virtual milliseconds to a real one. */
  constructor(startedAt: number, scale: number) {
    this.#startedAt = startedAt;
    this.#realStart = performance.now();
    this.#scale = scale;
  }

  /** Epoch milliseconds, fractions included. */
  now(): number {
    return this.#startedAt + (performance.now() - this.#realStart) * this.#scale;
  }

  /** A clock as a function has it, in whole milliseconds and `skewMs` ahead. */
  clock(skewMs: number): () => number {
    return () => Math.floor(this.now() + skewMs);
  }
}
