/** A logarithmic axis of ratios. */
export interface LogAxis {
  /** Where a ratio lies, in pixels. */
  at(ratio: number): number;
  /** Powers of two, from the one below the smallest ratio to the one above the largest. */
  readonly ticks: readonly number[];
}

/** An axis that holds all of the ratios, and 1, from one pixel to another. */
export function logAxis(ratios: readonly number[], from: number, to: number): LogAxis {
  const exponents = [1, ...ratios].map(Math.log2);
  const first = Math.floor(Math.min(...exponents));
  const last = Math.max(first + 1, Math.ceil(Math.max(...exponents)));
  return {
    at: (ratio) => from + ((Math.log2(ratio) - first) / (last - first)) * (to - from),
    ticks: Array.from({ length: last - first + 1 }, (_, index) => 2 ** (first + index)),
  };
}
