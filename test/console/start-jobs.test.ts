import { expect, test } from "vitest";
import type { JobView } from "../../src/api/parts/shapes.ts";
import type { ApiAnswer } from "../../console/src/api/call.ts";
import { cutIntoCalls, startJobs } from "../../console/src/jobs/start-jobs.ts";
import { isLost, isToResume } from "../../console/src/jobs/use-jobs.ts";

const job = (id: string): JobView => ({ id }) as JobView;
const ids = (count: number): string[] => Array.from({ length: count }, (_, index) => `user-${index}`);

test("a list is cut by its number and by the bytes of its ids, and none is lost", () => {
  const list = ids(120_001);
  const calls = cutIntoCalls(list);
  expect(calls.map(({ length }) => length)).toEqual([50_000, 50_000, 20_001]);
  expect(calls.flat()).toEqual(list);
  // Three bytes a character, and quotation marks, commas and escapes beside them.
  const long = Array.from({ length: 4 }, (_, index) => `${"\u20ac".repeat(10)}"${index}`);
  expect(cutIntoCalls(long, { most: 100, mostBytes: 80 }).map(({ length }) => length)).toEqual([2, 2]);
  for (const some of cutIntoCalls(long, { most: 100, mostBytes: 80 }))
    expect(Buffer.byteLength(JSON.stringify(some))).toBeLessThanOrEqual(81);
  expect(cutIntoCalls([])).toEqual([]);
});

test("who asks goes last; a call that fails ends it, and what has begun is told", async () => {
  const sent: (readonly string[])[] = [];
  const answers: ApiAnswer<JobView>[] = [
    { outcome: "ok", value: job("one") },
    { outcome: "unreachable" },
    { outcome: "ok", value: job("never") },
  ];
  const started = await startJobs(["staff", ...ids(120_000)], "staff", (some) => {
    const answer = answers[sent.length] ?? { outcome: "unreachable" };
    sent.push(some);
    return Promise.resolve(answer);
  });
  expect(started).toEqual({ jobs: [job("one")], failure: { outcome: "unreachable" } });
  expect(sent.map(({ length }) => length)).toEqual([50_000, 50_000]);
  expect(sent[0]?.[0]).toBe("user-0");
  const whole: string[] = [];
  await startJobs(["staff", "bob", "carol"], "staff", (some) => {
    whole.push(...some);
    return Promise.resolve({ outcome: "ok", value: job("x") });
  });
  expect(whole).toEqual(["bob", "carol", "staff"]);
});

test("a job is to be resumed when it stopped, or nothing has happened to it for 15 minutes", () => {
  const now = Date.parse("2026-11-30T09:30:00.000Z");
  const at = (state: JobView["state"], minutes: number) => ({
    ...job("x"),
    state,
    updatedAt: new Date(now - minutes * 60_000).toISOString(),
  });
  expect([isLost(at("running", 14), now), isLost(at("running", 16), now)]).toEqual([false, true]);
  expect(isLost(at("finished", 16), now)).toBe(false);
  expect(
    ["filling", "running", "finished", "unfinished"].map((state) =>
      isToResume(at(state as "running", 1), now),
    ),
  ).toEqual([false, false, false, true]);
});
