import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cutList } from "../../src/jobs/cut-list.ts";
import { HIGHEST_RATE, LOWEST_RATE } from "../../src/jobs/job.ts";
import { countOutcomes, mergeOutcomes, outcomesOf, readOutcome } from "../../src/jobs/outcomes.ts";
import { LONGEST_PART_SECONDS, partSeconds, planOf } from "../../src/jobs/plan.ts";

/** Lambda's own limits (Lambda quotas, durable functions). */
const MOST_OPERATIONS = 3000;
const INVOCATION_SECONDS = 900;

describe("the plan of an execution", () => {
  const jobs = fc.record({
    steps: fc.integer({ min: 1, max: 300_000 }),
    rate: fc.integer({ min: LOWEST_RATE, max: HIGHEST_RATE }),
  });

  test("has each step once and in order, within what Lambda takes", () => {
    fc.assert(
      fc.property(jobs, (job) => {
        fc.pre(partSeconds(job) <= LONGEST_PART_SECONDS);
        const { parts, partsInAnInvocation } = planOf(job);
        let next = 0;
        for (const [first, end] of parts) {
          expect(first).toBe(next);
          expect(end).toBeGreaterThan(first);
          next = end;
        }
        expect(next).toBe(job.steps);
        const waits = Math.floor((parts.length - 1) / partsInAnInvocation);
        expect(parts.length + waits + 2).toBeLessThan(MOST_OPERATIONS);
        expect(partsInAnInvocation * partSeconds(job)).toBeLessThan(INVOCATION_SECONDS);
      }),
    );
  });

  test("of a million users at the usual rate has a part a step", () => {
    expect(planOf({ steps: 1000, rate: 500 })).toMatchObject({
      parts: expect.objectContaining({ length: 1000 }) as unknown,
      partsInAnInvocation: 150,
    });
  });
});

describe("a list is cut", () => {
  const cut = async (userIds: readonly string[]): Promise<(readonly string[])[]> => {
    const steps = [];
    for await (const step of cutList(userIds)) steps.push(step);
    return steps;
  };

  test("after 1,000 users, with nobody lost", async () => {
    const userIds = Array.from({ length: 2001 }, (_, index) => `u${index}`);
    const steps = await cut(userIds);
    expect(steps.map(({ length }) => length)).toEqual([1000, 1000, 1]);
    expect(steps.flat()).toEqual(userIds);
  });

  test("earlier where the ids are as long as they may be, since an item takes 400 KB", async () => {
    const userIds = Array.from({ length: 1000 }, (_, index) => `${index}`.padEnd(512, "x"));
    const steps = await cut(userIds);
    expect(steps.flat()).toEqual(userIds);
    expect(steps.length).toBeGreaterThan(1);
    for (const step of steps) expect(Buffer.byteLength(step.join(""))).toBeLessThan(350_000);
  });

  test("into nothing, where it is empty", async () => {
    expect(await cut([])).toEqual([]);
  });
});

describe("outcomes", () => {
  const users = ["a", "b", "c"];
  const answer = (loggedOut: Record<string, number>, skipped: readonly string[] = []) =>
    outcomesOf(users, {
      loggedOut: Object.entries(loggedOut).map(([userId, sessionCount]) => ({ userId, sessionCount })),
      skipped: skipped.map((userId) => ({ userId })),
    });

  test("have each user as the answer named it", () => {
    expect([...answer({ a: 30, b: 0 }, ["c"])].map(readOutcome)).toEqual([
      { outcome: "logged-out", sessionCount: 30 },
      { outcome: "unknown" },
      { outcome: "skipped" },
    ]);
    expect(countOutcomes(answer({ a: 30, b: 0 }, ["c"]))).toEqual({
      ...{ stepsDone: 1, usersDone: 3, loggedOut: 1, sessionCount: 30, skipped: 1, unknown: 1 },
    });
  });

  test("of two attempts have what either of them saw", () => {
    const merged = mergeOutcomes(answer({ a: 2, b: 0, c: 1 }), answer({ a: 0, b: 3, c: 1 }));
    expect([...merged]).toEqual([2, 3, 1]);
  });

  test("take the later word for who is an administrator", () => {
    expect([...mergeOutcomes(answer({ a: 1 }, ["b"]), answer({ b: 1 }, ["a"]))].map(readOutcome)).toEqual([
      { outcome: "skipped" },
      { outcome: "logged-out", sessionCount: 1 },
      { outcome: "unknown" },
    ]);
  });
});
