import { readFileSync } from "node:fs";
import { describe, expect, it, vi } from "vitest";
import { FUNCTIONS, MIX } from "../../docs/.vitepress/cost/assumptions.ts";
import { countCalls } from "../../bench/cost/count.ts";
import type { Counts, FunctionKind } from "../../bench/cost/counts.ts";
import { DOCUMENTS, TABLES, withTables, type CostDocument } from "../../docs/.vitepress/cost/tables.ts";
import {
  askedShare,
  callsOf,
  costOfMonth,
  costOfUsage,
  DEFAULTS,
  totalOf,
  usageOf,
  type CostSettings,
} from "../../docs/.vitepress/cost/month.ts";
import { SIZES } from "../../infra/function-sizes.ts";
import { testDatabaseEndpoint } from "../support/database-endpoint.ts";

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const recorded = JSON.parse(read("bench/cost/counts.json")) as Counts;

const COUNTING = { timeout: 100_000, interval: 1000 };

describe("the cost", () => {
  it("is calculated from counts that DynamoDB Local and the functions still give", async () => {
    // A count on a busy machine may be none: a record of activity that comes too late is refused.
    const counted = await vi.waitFor(() => countCalls(testDatabaseEndpoint()), COUNTING);
    expect(counted).toEqual(recorded);
  });

  it.each(Object.keys(DOCUMENTS) as CostDocument[])("is in %s as it is calculated from them", (path) => {
    const document = read(path);
    expect(withTables(path, document, recorded)).toBe(document);
  });

  it("has each table in one document", () => {
    expect(Object.values(DOCUMENTS).flat().sort()).toEqual(Object.keys(TABLES).sort());
  });

  it("has no place in a document without its comments", () => {
    expect(() => withTables("docs/design/cost.md", "# What it costs", recorded)).toThrow(
      /no place for the table months/,
    );
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
    const calls = { functionCalls: 0, gbSeconds: 0, readUnits: 0, writeUnits: 0, logGb: 0 };
    const nothing = { ...calls, busEvents: 0, pushOperations: 0 };
    expect(costOfUsage({ ...nothing, apiRequests: 400e6 }, "us-east-1").api).toBeCloseTo(300 + 100 * 0.9);
  });

  it("of a hundred times the validations is a hundred times as much, but for the metrics", () => {
    const { metrics: fixed, ...small } = costOfMonth(1e6, DEFAULTS, recorded, "eu-central-1");
    const { metrics, ...large } = costOfMonth(100e6, DEFAULTS, recorded, "eu-central-1");
    expect(metrics).toBe(fixed);
    expect(totalOf(large)).toBeCloseTo(100 * totalOf(small));
  });
});

describe("events and push", () => {
  const monthWith = (events: CostSettings["events"]) =>
    costOfMonth(100e6, { ...DEFAULTS, events }, recorded, "us-east-1");

  it("cost nothing where they are off, and each its own part where they are on", () => {
    expect(monthWith("off")).toMatchObject({ bus: 0, push: 0 });
    expect(monthWith("on")).toMatchObject({ push: 0 });
    // 500,000 logins: a start and an ending each, at a dollar a million.
    expect(monthWith("on").bus).toBeCloseTo(1);
    // 5 operations each at a dollar a million, and 50 minutes at 8 cents.
    expect(monthWith("push").push).toBeCloseTo(2.5 + 2);
    expect(totalOf(monthWith("push"))).toBeGreaterThan(totalOf(monthWith("on")));
  });

  it("ask the API nothing, read an ending's record once, and keep both in four units each", () => {
    const usage = usageOf({ "outbox, a start": 1, "outbox, an ending": 1 }, recorded, DEFAULTS);
    expect(usage).toMatchObject({ apiRequests: 0, readUnits: 1, writeUnits: 8, busEvents: 2 });
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
