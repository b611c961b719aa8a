/**
 * The class in which a share of all counts lies at or below: `percentile(counts, 0.95)`; 0 where nothing was
 * counted.
 */
export function percentile(counts: ArrayLike<number>, share: number): number {
  const all = Array.from(counts);
  const total = all.reduce((sum, count) => sum + count, 0);
  let left = Math.ceil(total * share);
  if (left === 0) return 0;
  return all.findIndex((count) => (left -= count) <= 0);
}

/** One value at one time. */
export interface Point {
  /** Minutes from the start. */
  readonly at: number;
  readonly value: number;
}

export interface Trend {
  /** The fitted change in a minute. */
  readonly perMinute: number;
  readonly mean: number;
  /** The fitted change from the first point to the last. */
  readonly growth: number;
  /** Half the width of the 95% confidence interval of `growth`, were the residuals independent. */
  readonly uncertainty: number;
}

/** A straight line through points, by least squares. Fewer than three points have no trend. */
export function linearTrend(points: readonly Point[]): Trend | undefined {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || points.length < 3) return undefined;
  const mean = average(points.map(({ value }) => value));
  const middle = average(points.map(({ at }) => at));
  const spread = sum(points.map(({ at }) => (at - middle) ** 2));
  const perMinute = sum(points.map(({ at, value }) => (at - middle) * (value - mean))) / spread;
  const residuals = points.map(({ at, value }) => value - (mean + perMinute * (at - middle)));
  const variance = sum(residuals.map((residual) => residual ** 2)) / (points.length - 2);
  const span = last.at - first.at;
  return {
    perMinute,
    mean,
    growth: perMinute * span,
    uncertainty: NORMAL_95 * Math.sqrt(variance / spread) * span,
  };
}

const NORMAL_95 = 1.96;

/** How much may be taken for none: a share of the mean, or so many units, whichever is more. */
export interface Tolerance {
  readonly share: number;
  readonly units: number;
}

/**
 * Whether something grows: by more than the tolerance over the points, and by more than chance explains (the
 * whole confidence interval of the growth is above zero).
 */
export function grows(trend: Trend, { share, units }: Tolerance): boolean {
  return trend.growth > Math.max(units, share * trend.mean) && trend.growth > trend.uncertainty;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
const average = (numbers: readonly number[]): number => sum(numbers) / numbers.length;
