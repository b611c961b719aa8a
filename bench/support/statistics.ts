import { randomInt } from "node:crypto";

/** The value below which a share of all values lies; NaN where there are none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) * share)] ?? NaN;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** The median of something over the rounds, and what a tenth of the rounds lie below and above. */
export interface Spread {
  readonly low: number;
  readonly median: number;
  readonly high: number;
  /** How many rounds there were. */
  readonly rounds: number;
}

export const spreadOf = (values: readonly number[]): Spread => ({
  low: quantile(values, 0.1),
  median: median(values),
  high: quantile(values, 0.9),
  rounds: values.length,
});

interface InRound {
  readonly id: string;
  readonly round: number;
}

/**
 * A value of a contender's blocks with another's of the same round, for the rounds that have both: what slows
 * a round slows both. `undefined` where no round has.
 */
export function besideInRounds<T extends InRound>(
  own: readonly T[],
  all: readonly T[],
  others: readonly string[],
  value: (block: T, ...others: T[]) => number,
): Spread | undefined {
  const values = own.flatMap((block) => {
    const found = others.map((wanted) => all.find(({ id, round }) => id === wanted && round === block.round));
    return found.includes(undefined) ? [] : [value(block, ...(found as T[]))];
  });
  return values.length === 0 ? undefined : spreadOf(values);
}

/** The same things in random order (Fisher and Yates). */
export function shuffled<T>(things: readonly T[]): T[] {
  const order = [...things];
  for (let last = order.length - 1; last > 0; last--) {
    const other = randomInt(last + 1);
    [order[last], order[other]] = [order[other] as T, order[last] as T];
  }
  return order;
}

/**
 * Everything once a round, in an order that is drawn anew for each: what slows a round slows all of them, and
 * none always comes after the same one. It ends when `stop` says so.
 */
export function* interleaved<T>(
  things: readonly T[],
  rounds: number,
  stop?: AbortSignal,
): Generator<{ readonly thing: T; readonly round: number }> {
  for (let round = 0; round < rounds; round++) {
    for (const thing of shuffled(things)) {
      if (stop?.aborted === true) return;
      yield { thing, round };
    }
  }
}

/** How far two samples differ in where they lie. */
export interface RankTest {
  /**
   * How often a value of the first is greater than one of the second (ties half); 0.5 where nothing tells
   * them apart.
   */
  readonly chanceGreater: number;
  readonly z: number;
  /** Two-sided, by the normal approximation: for samples of more than about twenty. */
  readonly p: number;
}

/**
 * The Mann-Whitney U test with the correction for ties (Mann and Whitney 1947, "On a Test of Whether one of
 * Two Random Variables is Stochastically Larger than the Other"; Hollander, Wolfe and Chicken, "Nonparametric
 * Statistical Methods", section 4.1). It takes times as they come: no distribution is assumed, and outliers
 * weigh no more than their rank.
 */
export function mannWhitney(first: readonly number[], second: readonly number[]): RankTest {
  const own = first.map((value) => ({ value, own: true }));
  const all = [...own, ...second.map((value) => ({ value, own: false }))].sort((a, b) => a.value - b.value);
  let [rankSum, tieTerm] = [0, 0];
  for (let start = 0; start < all.length;) {
    let end = start;
    while (all[end]?.value === all[start]?.value) end++;
    rankSum += ((start + 1 + end) / 2) * all.slice(start, end).filter((each) => each.own).length;
    tieTerm += (end - start) ** 3 - (end - start);
    start = end;
  }
  const [n, m, total] = [first.length, second.length, all.length];
  const u = rankSum - (n * (n + 1)) / 2;
  const variance = ((n * m) / 12) * (total + 1 - tieTerm / (total * (total - 1)));
  const z = variance === 0 ? 0 : (u - (n * m) / 2) / Math.sqrt(variance);
  return { chanceGreater: u / (n * m), z, p: 2 * upperTail(Math.abs(z)) };
}

/** Of the normal distribution (Abramowitz and Stegun, formula 26.2.17: off by less than 7.5e-8). */
function upperTail(z: number): number {
  const t = 1 / (1 + 0.2316419 * z);
  const series = [0.31938153, -0.356563782, 1.781477937, -1.821255978, 1.330274429];
  const sum = series.reduce((total, factor, power) => total + factor * t ** (power + 1), 0);
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * sum;
}
