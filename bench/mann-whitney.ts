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
  const all = [
    ...first.map((value) => ({ value, own: true })),
    ...second.map((value) => ({ value, own: false })),
  ];
  all.sort((a, b) => a.value - b.value);
  let rankSum = 0;
  let tieTerm = 0;
  for (let start = 0; start < all.length;) {
    let end = start;
    while (all[end]?.value === all[start]?.value) end++;
    const meanRank = (start + 1 + end) / 2;
    rankSum += meanRank * all.slice(start, end).filter(({ own }) => own).length;
    const tied = end - start;
    tieTerm += tied ** 3 - tied;
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
