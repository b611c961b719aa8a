import { ascending, bisectLeft, bisectRight, quantile as quantileOf, rollup, shuffle, sum } from "d3-array";

/** The value below which a share of all values lies; NaN where there are none. */
export const quantile = (values: readonly number[], share: number): number =>
  quantileOf(values, share) ?? NaN;

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
 * A value of a contender's blocks with others' of the same round, for the rounds that have all of them: what
 * slows a round slows all. `undefined` where no round has.
 */
export function besideInRounds<T extends InRound>(
  own: string,
  others: readonly string[],
  blocks: readonly T[],
  value: (block: T, ...others: T[]) => number,
): Spread | undefined {
  const values = blocks.flatMap((block) => {
    if (block.id !== own) return [];
    const found = others.map((wanted) =>
      blocks.find(({ id, round }) => id === wanted && round === block.round),
    );
    return found.includes(undefined) ? [] : [value(block, ...(found as T[]))];
  });
  return values.length === 0 ? undefined : spreadOf(values);
}

/** The same things in random order. */
export const shuffled = <T>(things: readonly T[]): T[] => shuffle([...things]);

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
  const [n, m, total] = [first.length, second.length, first.length + second.length];
  const others = second.toSorted(ascending);
  const u = sum(first, (value) => (bisectLeft(others, value) + bisectRight(others, value)) / 2);
  const ties = rollup([...first, ...second], ({ length }) => length ** 3 - length, Number);
  const variance = ((n * m) / 12) * (total + 1 - sum(ties.values()) / (total * (total - 1)));
  const z = variance === 0 ? 0 : (u - (n * m) / 2) / Math.sqrt(variance);
  return { chanceGreater: u / (n * m), z, p: 2 * upperTail(Math.abs(z)) };
}

/** Of the normal distribution (Abramowitz and Stegun, formula 26.2.17: off by less than 7.5e-8). */
function upperTail(z: number): number {
  const t = 1 / (1 + 0.2316419 * z);
  const series = [0.31938153, -0.356563782, 1.781477937, -1.821255978, 1.330274429];
  const value = series.reduce((total, factor, power) => total + factor * t ** (power + 1), 0);
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * value;
}
