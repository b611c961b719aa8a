import { describe, expect, test } from "vitest";
import { mannWhitney } from "../../bench/support/statistics.ts";

describe("the rank test", () => {
  test("of samples that lie apart says so", () => {
    const { chanceGreater, z } = mannWhitney([4, 5, 6], [1, 2, 3]);
    expect(chanceGreater).toBe(1);
    // U is 9, its mean 4.5 and its variance 3 * 3 * 7 / 12.
    expect(z).toBeCloseTo(4.5 / Math.sqrt(5.25), 10);
  });

  test("of one and the same sample, ties and all, says that nothing tells them apart", () => {
    expect(mannWhitney([1, 2, 2, 3], [1, 2, 2, 3])).toMatchObject({ chanceGreater: 0.5, z: 0 });
    expect(mannWhitney([1, 2, 2, 3], [1, 2, 2, 3]).p).toBeCloseTo(1, 6);
    expect(mannWhitney([7, 7], [7, 7])).toMatchObject({ chanceGreater: 0.5, z: 0 });
  });

  test("weighs ties by half and corrects the variance for them", () => {
    // U = 1 + 1/2 of 4; 4 ranks with one pair tied: 4/12 * (5 - 6/12).
    const { chanceGreater, z } = mannWhitney([2, 3], [3, 1]);
    expect(chanceGreater).toBe(0.625);
    expect(z).toBeCloseTo(0.5 / Math.sqrt((4 / 12) * (5 - 6 / 12)), 10);
  });

  test("gives the tail of the normal distribution", () => {
    const first = Array.from({ length: 100 }, (_, index) => index + 20.5);
    const { z, p } = mannWhitney(
      first,
      Array.from({ length: 100 }, (_, index) => index),
    );
    expect(z).toBeGreaterThan(4);
    expect(p).toBeLessThan(1e-4);
  });
});
