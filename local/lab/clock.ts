/** The clock that the functions read: this machine's, and as much later as the lab says. */
export interface LabClock {
  /** Shared with the functions' threads, which read it at each look at the clock. */
  readonly shared: SharedArrayBuffer;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly offsetMs: () => number;
  readonly moveBy: (milliseconds: number) => void;
  readonly reset: () => void;
}

export function createLabClock(): LabClock {
  const shared = new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT);
  const offset = new Float64Array(shared);
  const offsetMs = (): number => offset[0] ?? 0;
  return {
    shared,
    offsetMs,
    now: () => Date.now() + offsetMs(),
    moveBy: (milliseconds) => void (offset[0] = offsetMs() + milliseconds),
    reset: () => void (offset[0] = 0),
  };
}
