import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ACTIVITY_KINDS,
  ACTIVITY_MS,
  USERS_ACTIVITY_MS,
  type ActivityRecord,
} from "../../src/activity/activity.ts";
import type { ActivityListRequest } from "../../src/activity/store.ts";
import { InvalidCursorError } from "../../src/sessions/cursor.ts";
import { contention, createTestActivity, DAY, HOUR, NOW, started } from "./support.ts";

type Activity = Awaited<ReturnType<typeof createTestActivity>>;

/** All pages of a list. */
async function readAll({ reader }: Activity, request: ActivityListRequest): Promise<ActivityRecord[]> {
  const items: ActivityRecord[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < 500; page++) {
    const answer = await reader.list({ ...request, ...(cursor !== undefined && { cursor }) });
    expect(answer.items.length).toBeLessThanOrEqual(request.limit);
    items.push(...answer.items);
    cursor = answer.cursor;
    if (cursor === undefined) return items;
  }
  return expect.fail("the pages have no end");
}

/** What the list is, by the words of its contract. */
function expected(
  records: readonly ActivityRecord[],
  { userId, kinds, from, to }: ActivityListRequest,
): string[] {
  const keptMs = userId === undefined ? ACTIVITY_MS : USERS_ACTIVITY_MS;
  return records
    .filter((record) => userId === undefined || record.userId === userId)
    .filter(({ kind }) => kinds === undefined || kinds.includes(kind))
    .filter(({ at }) => at >= Math.max(from, NOW - keptMs) && at <= to)
    .toSorted((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1))
    .map(({ id }) => id);
}

/** Few moments, so that many records share one, on both sides of the 35 and the 90 days. */
const MOMENTS = [0, 1, 2, HOUR, DAY, 34 * DAY, 35 * DAY, 35 * DAY + 1, 60 * DAY, 90 * DAY - 1].map(
  (ago) => NOW - ago,
);

const RECORD = fc.record({
  at: fc.constantFrom(...MOMENTS),
  kind: fc.constantFrom(...ACTIVITY_KINDS),
  userId: fc.constantFrom("alice", "bob", "zoë#1", undefined),
});
const REQUEST = fc.record({
  userId: fc.constantFrom("alice", "zoë#1", "nobody", undefined, undefined),
  kinds: fc.constantFrom(undefined, ["started"], ["ended", "administered"], [...ACTIVITY_KINDS]),
  from: fc.constantFrom(0, ...MOMENTS),
  to: fc.constantFrom(NOW, ...MOMENTS),
  limit: fc.integer({ min: 1, max: 40 }),
});

it("lists exactly what there is, newest first, however long the pages are", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(RECORD, { maxLength: 60 }),
      fc.array(REQUEST, { minLength: 1, maxLength: 5 }),
      async (some, requests) => {
        const activity = await createTestActivity();
        const records = some.map(({ userId, ...record }, index) => ({
          ...record,
          id: `id${index}`,
          ...(userId !== undefined && { userId }),
        }));
        await activity.writer.putAll(records);
        for (const { userId, kinds, ...range } of requests) {
          const request = {
            ...range,
            ...(userId !== undefined && { userId }),
            ...(kinds && { kinds: kinds as ActivityListRequest["kinds"] & object }),
          };
          const items = await readAll(activity, request);
          expect(items.map(({ id }) => id)).toEqual(expected(records, request));
        }
        activity.documents.destroy();
      },
    ),
    { numRuns: 15 },
  );
});

describe("a cursor", () => {
  it("of another list, another user or nobody is refused", async () => {
    const activity = await createTestActivity();
    await activity.writer.putAll([
      started("s1"),
      started("s2"),
      contention("c1"),
      contention("c2", { userId: "bob" }),
    ]);
    const all = { from: 0, to: NOW, limit: 1 };
    const { cursor: everybodys = "" } = await activity.reader.list(all);
    const { cursor: alices = "" } = await activity.reader.list({ ...all, userId: "alice" });
    const { cursor: suspects = "" } = await activity.reader.suspects({ limit: 1 });
    expect([everybodys, alices, suspects]).not.toContain("");
    const made = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
    for (const request of [
      { ...all, cursor: alices },
      { ...all, userId: "alice", cursor: everybodys },
      { ...all, userId: "bob", cursor: alices },
      ...["", "x", made(null), made(["everybody"]), made(["everybody", "x#y"]), made({ length: 2 })].map(
        (cursor) => ({
          ...all,
          cursor,
        }),
      ),
      { ...all, cursor: made(["everybody", `000000000000001#${"x".repeat(2000)}`]) },
      { ...all, cursor: made(["everybody", `000000000000001#\ud800`]) },
    ]) {
      await expect(activity.reader.list(request), request.cursor).rejects.toThrow(InvalidCursorError);
    }
    await expect(activity.reader.suspects({ limit: 1, cursor: everybodys })).rejects.toThrow(
      InvalidCursorError,
    );
  });
});

it("lists suspects a page at a time, the latest first", async () => {
  const activity = await createTestActivity();
  const users = Array.from({ length: 7 }, (_, index) => `user-${index}`);
  await activity.writer.putAll(
    users.map((userId, ago) => contention(`c-${userId}`, { userId, at: NOW - ago })),
  );
  const names: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await activity.reader.suspects({ limit: 3, ...(cursor !== undefined && { cursor }) });
    names.push(...page.items.map(({ userId }) => userId));
    cursor = page.cursor;
  } while (cursor !== undefined);
  expect(names).toEqual(users);
});

describe("hours", () => {
  it("are all there, with zeros where nothing happened, and never more than 35 days", async () => {
    const activity = await createTestActivity();
    await activity.writer.put(started("s1", { at: NOW - 2 * HOUR }));
    const { hours, live } = await activity.reader.hours({ from: NOW - 3 * HOUR, to: NOW + DAY });
    expect(hours.map(({ hour, started: count }) => [(NOW - 30 * 60_000 - hour) / HOUR, count])).toEqual([
      ...[3, 2, 1, 0].map((ago) => [ago, ago === 2 ? 1 : 0]),
    ]);
    expect(live).toBeUndefined();
    const everything = await activity.reader.hours({ from: 0, to: NOW });
    expect(everything.hours).toHaveLength(35 * 24 + 1);
  });
});
