import { readFileSync } from "node:fs";
import { describe, expect, inject, it } from "vitest";
import { FUNCTIONS, MIX } from "../../bench/cost/assumptions.ts";
import { countCalls } from "../../bench/cost/count.ts";
import type { Counts, FunctionKind } from "../../bench/cost/counts.ts";
import { withTables } from "../../bench/cost/tables.ts";
import {
  askedShare,
  callsOf,
  costOfMonth,
  costOfUsage,
  DEFAULTS,
  totalOf,
  usageOf,
} from "../../bench/cost/month.ts";
import { SIZES } from "../../infra/functions.ts";

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const recorded = JSON.parse(read("bench/cost/counts.json")) as Counts;

describe("the cost", () => {
  it("is calculated from counts that DynamoDB Local and the functions still give", async () => {
    expect(await countCalls(inject("dynamoDbEndpoint"))).toEqual(recorded);
  });

  it("is in docs/design/cost.md as it is calculated from them", () => {
    const document = read("docs/design/cost.md");
    expect(withTables(document, recorded)).toBe(document);
  });

  it("has no place in a document without its comments", () => {
    expect(() => withTables("# What it costs", recorded)).toThrow(/no place for the table months/);
  });

  it("of calls is the sum of what each of them uses", () => {
    const usage = usageOf({ authorize: 3, "validate, touching": 2 }, recorded, DEFAULTS);
    expect(usage).toMatchObject({ functionCalls: 5, readUnits: 5, writeUnits: 2, apiRequests: 2 });
    expect(usage.gbSeconds).toBeCloseTo(5 * 0.5 * 0.01);
  });

  it.each(Object.keys(FUNCTIONS) as FunctionKind[])(
    "takes %s to have the memory that is deployed",
    (name) => {
      expect(FUNCTIONS[name].memoryMb).toBe(SIZES[name].memoryMb);
    },
  );

  it("of requests to the API falls beyond the first 300 million", () => {
    const nothing = { functionCalls: 0, gbSeconds: 0, readUnits: 0, writeUnits: 0, logGb: 0 };
    expect(costOfUsage({ ...nothing, apiRequests: 400e6 }, "us-east-1").api).toBeCloseTo(300 + 100 * 0.9);
  });

  it("of a hundred times the validations is a hundred times as much, but for the metrics", () => {
    const { metrics: fixed, ...small } = costOfMonth(1e6, DEFAULTS, recorded, "eu-central-1");
    const { metrics, ...large } = costOfMonth(100e6, DEFAULTS, recorded, "eu-central-1");
    expect(metrics).toBe(fixed);
    expect(totalOf(large)).toBeCloseTo(100 * totalOf(small));
  });
});

describe("the calls of a month", () => {
  const VALIDATIONS = 1000 * MIX.validationsOfASession;
  const sumOf = (calls: ReturnType<typeof callsOf>, pattern: RegExp): number =>
    Object.entries(calls).reduce((sum, [call, times]) => sum + (pattern.test(call) ? times : 0), 0);

  it("have all validations asked for without a cache, and a login for each session", () => {
    const calls = callsOf(VALIDATIONS, DEFAULTS);
    expect(sumOf(calls, /^(validate|authorize)(, touching)?$/)).toBeCloseTo(VALIDATIONS);
    expect(sumOf(calls, /^login/)).toBeCloseTo(1000);
  });

  it("have a touch at the first validation after the interval", () => {
    // 15 s apart: the thirteenth after a touch is the first that comes more than 180 s later.
    expect(sumOf(callsOf(VALIDATIONS, DEFAULTS), /, touching$/)).toBeCloseTo(VALIDATIONS / 13);
    expect(sumOf(callsOf(VALIDATIONS, { ...DEFAULTS, touchInterval: 30 }), /, touching$/)).toBeCloseTo(
      VALIDATIONS / 3,
    );
  });

  it("have the authorizer asked once while its answer is kept", () => {
    expect(askedShare({ authorizerCache: 0 })).toBe(1);
    expect(askedShare({ authorizerCache: 60 })).toBeCloseTo(1 / 5);
    const calls = callsOf(VALIDATIONS, { ...DEFAULTS, authorizerCache: 60 });
    expect(sumOf(calls, /^authorize/)).toBeCloseTo((VALIDATIONS * MIX.byAuthorizer) / 5);
    expect(sumOf(calls, /^validate(, touching)?$/)).toBeCloseTo(VALIDATIONS * (1 - MIX.byAuthorizer));
  });
});
