import { describe, expect, test } from "vitest";
import { BASELINE, chosen, type ContenderFacts } from "../../bench/speed/contender.ts";
import { logAxis, plotOf } from "../../bench/speed/plot.ts";
import { summarize, summarizeBulk, summarizeLoaded, type SpeedResults } from "../../bench/speed/summary.ts";
import { tablesOf } from "../../bench/speed/tables.ts";
import { callsOf, measureLoad, measureRounds, oneByOne, type Block } from "../../bench/support/rounds.ts";

const facts = (id: string, more: Partial<ContenderFacts> = {}): ContenderFacts => ({
  id,
  name: `name of ${id}`,
  group: "reading",
  isOurs: false,
  ...more,
});
const block = (id: string, round: number, p50: number): Block => ({
  id,
  round,
  calls: 10,
  p10: p50 / 2,
  p50,
  p90: p50 * 2,
});
const bulk = (way: "store" | "bare", round: number, milliseconds: number, mebibytes: number) => ({
  way,
  round,
  users: 10_000,
  milliseconds,
  cpuMilliseconds: milliseconds / 2,
  peakHeapBytes: mebibytes * 1024 * 1024,
  residentPeak: mebibytes * 1024 * 1024,
});

const results = (more: Partial<SpeedResults> = {}): SpeedResults => ({
  date: "2030-01-01T00:00:00.000Z",
  versions: { "Node.js": "24" },
  processors: { model: "a processor", count: 2 },
  endedEarly: false,
  contenders: [facts(BASELINE), facts("ours", { isOurs: true, beside: "other" }), facts("other")],
  counts: [],
  blocks: [],
  atOnce: 32,
  loadedBlocks: [],
  bulkRuns: [],
  ...more,
});

describe("a summary", () => {
  test("compares blocks of the same round only: a slow round slows both", () => {
    const blocks = [1, 10, 100].flatMap((slowness, round) => [
      block(BASELINE, round, 100 * slowness),
      block("ours", round, 50 * slowness),
    ]);
    expect(summarize(results({ blocks }))).toMatchObject([
      { id: BASELINE, ratio: { median: 1 } },
      { id: "ours", p50: { median: 500 }, ratio: { low: 0.5, median: 0.5, high: 0.5, rounds: 3 } },
    ]);
  });

  test("leaves out rounds that the baseline is missing in", () => {
    const blocks = [block(BASELINE, 0, 100), block("ours", 0, 200), block("ours", 1, 9000)];
    expect(summarize(results({ blocks }))).toMatchObject([
      { id: BASELINE },
      { id: "ours", ratio: { median: 2, rounds: 1 } },
    ]);
  });

  test("compares with the same work where that was measured", () => {
    const blocks = [block(BASELINE, 0, 100), block("ours", 0, 300), block("other", 0, 200)];
    expect(summarize(results({ blocks }))).toMatchObject([
      { besideRatio: undefined },
      { besideRatio: { median: 1.5 } },
      { besideRatio: undefined },
    ]);
  });

  test("takes off what is around a contender where that was measured", () => {
    const contenders = [facts(BASELINE), facts("ours", { around: "other" }), facts("other")];
    const blocks = [block(BASELINE, 0, 100), block("ours", 0, 300), block("other", 0, 50)];
    expect(summarize(results({ contenders, blocks }))[1]).toMatchObject({
      ratio: { median: 3 },
      ownRatio: { median: 2.5 },
    });
  });

  test("of calls at once compares time and CPU", () => {
    const loaded = (id: string, elapsed: number, cpu: number) => ({ id, round: 0, calls: 1, elapsed, cpu });
    const loadedBlocks = [loaded(BASELINE, 100, 50), loaded("ours", 80, 20)];
    expect(summarizeLoaded(results({ loadedBlocks }))).toMatchObject([
      { elapsedRatio: { median: 1 }, cpuRatio: { median: 1 } },
      { elapsedRatio: { median: 0.8 }, cpuRatio: { median: 0.4 } },
    ]);
  });

  test("of logging out everybody compares runs of one round", () => {
    const bulkRuns = [bulk("store", 0, 1500, 120), bulk("bare", 0, 1000, 100), bulk("store", 1, 9000, 300)];
    expect(summarizeBulk(results({ bulkRuns }))).toMatchObject({
      users: 10_000,
      ratio: { median: 1.5, rounds: 1 },
      residentAbove: { median: 20 * 1024 * 1024 },
    });
    expect(summarizeBulk(results())).toBeUndefined();
  });
});

describe("the tables", () => {
  test("have a row a contender that was measured, ours set off", () => {
    const blocks = [block(BASELINE, 0, 100), block("ours", 0, 94)];
    const text = tablesOf(results({ blocks, bulkRuns: [bulk("store", 0, 3, 2), bulk("bare", 0, 2, 1)] }));
    expect(text).toMatch(/\| \*\*name of ours\*\* +\| 94 +\| 0\.94x/);
    expect(text).not.toContain("name of other");
    expect(text).toMatch(/\| ratio +\| 1\.50x/);
  });

  test("say that a run was ended early", () => {
    expect(tablesOf(results({ endedEarly: true }))).toContain("Ended early.");
  });
});

describe("the plot", () => {
  test("has a dot and a described ratio for each contender, names being text and no markup", () => {
    const contenders = [facts(BASELINE), facts("ours", { name: `<b> & "ours"`, isOurs: true })];
    const svg = plotOf(results({ contenders, blocks: [block(BASELINE, 0, 100), block("ours", 0, 200)] }));
    expect(svg.match(/<circle/g)).toHaveLength(2);
    expect(svg).toMatch(/<desc[^>]*>[^<]*&lt;b&gt; &amp; &quot;ours&quot; 2\.00x/);
    expect(svg).not.toContain("<b>");
    expect(svg).not.toContain("NaN");
  });

  test("of nothing is empty and whole", () => {
    expect(plotOf(results())).toMatch(/^<svg[^]*<\/svg>\n$/);
  });

  test("has an axis whose ticks hold all ratios", () => {
    const axis = logAxis([0.3, 5], 100, 500);
    expect(axis.ticks).toEqual([0.25, 0.5, 1, 2, 4, 8]);
    expect([axis.at(0.25), axis.at(8)]).toEqual([100, 500]);
    expect(axis.at(2) - axis.at(1)).toBeCloseTo(axis.at(4) - axis.at(2));
  });
});

describe("rounds", () => {
  const calls: string[] = [];
  const contender = (id: string, share?: number) => ({
    ...facts(id),
    ...(share !== undefined && { share }),
    prepare: (count: number) => {
      const next = oneByOne(Array.from({ length: count }, () => id));
      return Promise.resolve(() => Promise.resolve(void calls.push(next())));
    },
  });

  test("have a block of each contender, of as many calls as its share says", async () => {
    const blocks: Block[] = [];
    await measureRounds([contender("a"), contender("b", 50)], { rounds: 3, calls: 20 }, (each) =>
      blocks.push(each),
    );
    expect(blocks.map(({ id, round, calls: count }) => `${round} ${id} ${count}`).sort()).toEqual(
      [0, 1, 2].flatMap((round) => [`${round} a 20`, `${round} b 10`]),
    );
  });

  test("end after the block that is under way", async () => {
    const stop = new AbortController();
    const blocks: Block[] = [];
    await measureRounds([contender("a")], { rounds: 9, calls: 20, stop: stop.signal }, (each) => {
      blocks.push(each);
      stop.abort();
    });
    expect(blocks).toHaveLength(1);
  });

  test("of calls at once make exactly so many, and never more at once", async () => {
    let made = 0;
    let underWay = 0;
    let most = 0;
    const slow = {
      ...facts("slow"),
      prepare: () =>
        Promise.resolve(async () => {
          made++;
          most = Math.max(most, ++underWay);
          await new Promise((resolve) => setImmediate(resolve));
          underWay--;
        }),
    };
    await measureLoad([slow], { rounds: 1, calls: 50, atOnce: 4 }, () => undefined);
    expect({ made, most }).toEqual({ made: 60, most: 4 });
  });

  test("never have so few calls that a median says nothing", () => {
    expect([callsOf({ share: 1 }, 100), callsOf({}, 100)]).toEqual([5, 100]);
  });
});

test("choosing by a part of the name keeps what the chosen are compared with", () => {
  const all = [facts(BASELINE), facts("ours", { beside: "other" }), facts("other"), facts("more")];
  expect(chosen(all, "OURS").map(({ id }) => id)).toEqual([BASELINE, "ours", "other"]);
  expect(chosen(all, undefined)).toHaveLength(4);
});
