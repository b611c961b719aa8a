/** Lets something happen while nobody works: workers ask before each piece of work. */
export class Pause {
  #working = 0;
  #pausing: Promise<void> | undefined;
  #lastDone: (() => void) | undefined;
  #pausedMs = 0;

  /** Milliseconds spent in pauses so far. */
  get pausedMs(): number {
    return this.#pausedMs;
  }

  /** Does a piece of work, after the pause if there is one. */
  async work(piece: () => Promise<void>): Promise<void> {
    while (this.#pausing !== undefined) await this.#pausing;
    this.#working += 1;
    try {
      await piece();
    } finally {
      this.#working -= 1;
      if (this.#working === 0) this.#lastDone?.();
    }
  }

  /** Waits until no work is under way, holds back more of it, and does `action`. One at a time. */
  async during<T>(action: () => Promise<T>): Promise<T> {
    const over = Promise.withResolvers<undefined>();
    this.#pausing = over.promise;
    const idle = Promise.withResolvers<undefined>();
    this.#lastDone = () => idle.resolve(undefined);
    if (this.#working === 0) idle.resolve(undefined);
    await idle.promise;
    const startedAt = performance.now();
    try {
      return await action();
    } finally {
      this.#pausedMs += performance.now() - startedAt;
      this.#lastDone = undefined;
      this.#pausing = undefined;
      over.resolve(undefined);
    }
  }
}
