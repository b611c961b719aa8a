/** Decides when to ask, so that there is one question at a time and a wish to ask is never lost. */
export interface Asker {
  /** Asks at once; a question that is under way will do. */
  readonly now: () => void;
  /** Asks for what has just happened: again after a question that is under way, once in 2 s at most. */
  readonly soon: () => void;
  /** Plans the next question again, since `usualWait` has changed. */
  readonly plan: () => void;
  /** Until it is planned again, nothing is asked. */
  readonly pause: () => void;
  readonly stop: () => void;
}

/** Milliseconds. */
const REST_MS = 2000;

/**
 * @param look asks once, and comes to the milliseconds until the next time, where those are not the usual
 * ones; it rejects when all is over
 * @param usualWait the milliseconds from now to the next question; `undefined`: none is planned
 */
export function createAsker(
  look: () => Promise<number | undefined>,
  usualWait: () => number | undefined,
): Asker {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let resting: ReturnType<typeof setTimeout> | undefined;
  let isAsking = false;
  let isWanted = false;

  async function ask(): Promise<void> {
    if (isAsking) return;
    pause();
    clearTimeout(resting);
    resting = setTimeout(() => {
      resting = undefined;
      proceed();
    }, REST_MS);
    isAsking = true;
    isWanted = false;
    const wait = await look();
    isAsking = false;
    plan(wait);
    proceed();
  }
  const now = (): void => void ask();
  function proceed(): void {
    if (isWanted && resting === undefined) now();
  }
  // What is usual is looked at now, and not while the answer was read: a tab may lead since.
  function plan(milliseconds = usualWait()): void {
    pause();
    if (milliseconds !== undefined && !isAsking) timer = setTimeout(now, milliseconds);
  }
  function pause(): void {
    clearTimeout(timer);
  }
  return {
    now,
    soon() {
      isWanted = true;
      proceed();
    },
    plan: () => plan(),
    pause,
    stop() {
      isWanted = false;
      pause();
      clearTimeout(resting);
    },
  };
}
