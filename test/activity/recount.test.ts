import { GetCommand, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { describe, expect, it } from "vitest";
import { addToHour } from "../../src/activity/hours.ts";
import { toRecordItem } from "../../src/activity/items.ts";
import { measureLive } from "../../src/activity/live.ts";
import { recount } from "../../src/activity/recount.ts";
import { hourKey } from "../../src/activity/table.ts";
import { toSessionItem } from "../../src/sessions/items.ts";
import { beginningSession } from "../../src/sessions/session.ts";
import { SessionToken } from "../../src/sessions/token.ts";
import { createSessionsTable } from "../support/dynamodb.ts";
import { SETTINGS } from "../support/store.ts";
import { createTestActivity, DAY, HOUR, NOW, PHONE, started } from "./support.ts";

type Activity = Awaited<ReturnType<typeof createTestActivity>>;

const RANGE = { from: NOW - 2 * DAY, to: NOW };
const recountOf = (activity: Activity, during: () => Promise<unknown> = () => Promise.resolve()) =>
  recount({ ...activity, sleep: during }, RANGE);
const startedIn = async ({ reader }: Activity, at = NOW) =>
  (await reader.hours({ from: at, to: at })).hours[0]?.started;

/** A function that died between the put and the count. */
const putOnly = ({ documents, tableName }: Activity, id: string, putAt: number) =>
  documents.send(new PutCommand({ TableName: tableName, Item: toRecordItem(started(id), putAt) }));

describe("a recount", () => {
  it("finds the counts that a death between put and count lost, and changes nothing the second time", async () => {
    const activity = await createTestActivity();
    await activity.writer.putAll([started("s1"), started("old", { at: NOW - DAY })]);
    await putOnly(activity, "s2", NOW);
    await putOnly(activity, "s3", NOW);
    expect(await startedIn(activity)).toBe(1);
    activity.time.now += 1000;
    expect(await recountOf(activity)).toEqual({ hours: 49, corrected: 1, unfinished: 0 });
    expect(await startedIn(activity)).toBe(3);
    expect(await startedIn(activity, NOW - DAY)).toBe(1);
    activity.time.now += 1000;
    expect(await recountOf(activity)).toEqual({ hours: 49, corrected: 0, unfinished: 0 });
    expect(await startedIn(activity)).toBe(3);
  });

  it("takes away what was counted too much", async () => {
    const activity = await createTestActivity();
    await activity.writer.put(started("s1"));
    await activity.documents.send(
      new UpdateCommand({
        TableName: activity.tableName,
        Key: hourKey(NOW),
        UpdateExpression: "ADD started :five",
        ExpressionAttributeValues: { ":five": 5 },
      }),
    );
    activity.time.now += 1;
    await recountOf(activity);
    expect(await startedIn(activity)).toBe(1);
  });

  it("keeps the counts of records that are put while it runs", async () => {
    const activity = await createTestActivity();
    await putOnly(activity, "lost", NOW);
    activity.time.now += 1;
    await recountOf(activity, () => activity.writer.putAll([started("s1"), started("s2")]));
    expect(await startedIn(activity)).toBe(3);
  });

  it("takes no count of a record that it has counted itself", async () => {
    const activity = await createTestActivity();
    await putOnly(activity, "slow", NOW);
    activity.time.now += 1;
    await recountOf(activity);
    expect(await startedIn(activity)).toBe(1);
    // The function that put it wakes up.
    const { documents, tableName } = activity;
    await addToHour(
      { documents, tableName },
      { hour: NOW - 30 * 60_000, counts: { started: 1 }, name: "slow" },
      NOW,
    );
    expect(await startedIn(activity)).toBe(1);
  });

  it("is right when another one runs at the same time, at the same moment or a later one", async () => {
    const activity = await createTestActivity();
    await putOnly(activity, "s1", NOW);
    await putOnly(activity, "s2", NOW);
    activity.time.now += 1;
    await Promise.all([recountOf(activity), recountOf(activity)]);
    expect(await startedIn(activity)).toBe(2);
    await putOnly(activity, "s3", activity.time.now);
    activity.time.now += 1;
    await recountOf(activity, async () => {
      activity.time.now += 1;
      await recountOf(activity);
    });
    expect(await startedIn(activity)).toBe(3);
  });

  it("stops where there is no time, and says how much it has left", async () => {
    const activity = await createTestActivity();
    let hours = 0;
    const sleep = () => Promise.resolve();
    const result = await recount({ ...activity, sleep }, RANGE, () => hours++ === 10);
    expect(result).toEqual({ hours: 10, corrected: 0, unfinished: 39 });
  });
});

describe("live sessions", () => {
  const TIMEOUTS = SETTINGS.timeouts;

  async function withSessions(counts: { readonly live: number; readonly idle: number }) {
    const activity = await createTestActivity();
    const sessionsTable = await createSessionsTable();
    const add = (at: number, era = SETTINGS.era) =>
      activity.documents.send(
        new PutCommand({
          TableName: sessionsTable,
          Item: toSessionItem(
            beginningSession({ era, timeouts: TIMEOUTS }, at, {
              id: SessionToken.generate().sessionId(era),
              user: { id: "alice", isAdmin: false, permissions: [] },
              ...{ identitySource: "passwords", device: PHONE, expiresAt: at + TIMEOUTS.absolute },
            }),
          ),
        }),
      );
    const idleMs = TIMEOUTS.idle === "none" ? expect.fail("no idle timeout") : TIMEOUTS.idle;
    await Promise.all(Array.from({ length: counts.live }, () => add(NOW)));
    // Nobody uses them, and TTL removes them at their absolute expiry only.
    await Promise.all(Array.from({ length: counts.idle }, () => add(NOW - idleMs)));
    await add(NOW, "another era");
    return { ...activity, sessionsTable, era: SETTINGS.era, jitter: () => 0 };
  }

  it("are counted where they are: not those that timed out, though their end is not told yet", async () => {
    const activity = await withSessions({ live: 5, idle: 7 });
    expect(await measureLive(activity)).toEqual({ live: 5, parts: 1 });
    const { hours, live } = await activity.reader.hours({ from: NOW, to: NOW });
    expect(live).toBe(5);
    expect(hours.at(-1)?.live).toBe(5);
    activity.time.now = NOW + 2 * HOUR;
    expect((await activity.reader.hours({ from: NOW, to: NOW })).live).toBeUndefined();
  });

  it("keep the counters of the hour as they are", async () => {
    const activity = await withSessions({ live: 1, idle: 0 });
    await activity.writer.put(started("s1"));
    await measureLive(activity);
    const { Item } = await activity.documents.send(
      new GetCommand({ TableName: activity.tableName, Key: hourKey(NOW) }),
    );
    expect(Item).toMatchObject({ started: 1, live: 1, liveAt: NOW, liveParts: 1 });
  });
});
