import { describe, expect, test } from "vitest";
import { Tally } from "./tally.ts";
import { grows, linearTrend, percentile, type Point } from "./statistics.ts";

const points = (value: (at: number) => number): Point[] =>
  Array.from({ length: 20 }, (_, at) => ({ at, value: value(at) }));
/** A saw: the same noise every time. */
const noise = (at: number): number => [3, -2, 1, -3, 2, -1][at % 6] ?? 0;
const TOLERANCE = { share: 0.05, units: 2 };

describe("a trend", () => {
  test("of a line is that line", () => {
    expect(linearTrend(points((at) => 10 + 2 * at))).toMatchObject({
      perMinute: expect.closeTo(2) as number,
      mean: expect.closeTo(29) as number,
      growth: expect.closeTo(38) as number,
      uncertainty: expect.closeTo(0) as number,
    });
  });

  test("of two points is none", () => {
    expect(linearTrend(points(() => 1).slice(0, 2))).toBeUndefined();
  });

  test.each<[string, (at: number) => number, boolean]>([
    ["that rises steadily grows", (at) => 100 + at + noise(at), true],
    ["that only swings does not", (at) => 100 + noise(at), false],
    ["that falls does not", (at) => 100 - at, false],
    ["that rises less than is tolerated does not", (at) => 100 + 0.1 * at, false],
    ["that rises less than its noise explains does not", (at) => 100 + 0.3 * at + 20 * noise(at), false],
  ])("%s", (_, value, expected) => {
    const trend = linearTrend(points(value));
    expect(trend !== undefined && grows(trend, TOLERANCE)).toBe(expected);
  });
});

test.each([
  [0.5, 2],
  [0.75, 3],
  [1, 4],
])("of the classes 0 0 5 3 2 the share %d lies at or below class %d", (share, expected) => {
  expect(percentile([0, 0, 5, 3, 2], share)).toBe(expected);
});

test("a tally counts answers by status, and latencies by the half millisecond", () => {
  const tally = new Tally();
  for (const milliseconds of [1, 2, 3, 100]) tally.add("validate", { status: 200, milliseconds });
  tally.add("validate", { status: 401, milliseconds: 10_000_000 });
  expect(tally.total).toBe(5);
  expect(tally.list()).toMatchObject([
    { name: "validate", count: 5, statuses: { "200": 4, "401": 1 }, p50: 3, longest: 39_999.5 },
  ]);
});
