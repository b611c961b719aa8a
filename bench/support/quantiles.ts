/**
 * The value below which a share of all values lies: `quantile(times, 0.5)` is the median; NaN where there are
 * none.
 */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) * share)] ?? NaN;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);
