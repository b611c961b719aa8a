import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { describe, expect, it } from "vitest";
import { hourKey, recordKey } from "../../src/activity/table.ts";
import { StoreUnavailableError } from "../../src/dynamodb/errors.ts";
import { testDatabaseEndpoint } from "../support/database-endpoint.ts";
import { startDynamoDbProxy } from "../support/dynamodb-proxy.ts";
import { testClient } from "../support/dynamodb.ts";
import { contention, createTestActivity, DAY, HOUR, LAPTOP, NOW, PHONE, started } from "./support.ts";

type Activity = Awaited<ReturnType<typeof createTestActivity>>;

const hourOf = async ({ reader }: Activity, at = NOW) =>
  (await reader.hours({ from: at, to: at })).hours[0] ?? expect.fail("no hour");

describe("a record", () => {
  it("that is put again, whatever its time and reason are then, is kept and counted once", async () => {
    const activity = await createTestActivity();
    const first = { ...started("e1"), kind: "ended", reason: "revoked", startedAt: NOW - HOUR } as const;
    expect(await activity.writer.put(first)).toBe("new");
    expect(await activity.writer.put({ ...first, at: NOW - 2 * HOUR, reason: "unknown" })).toBe("known");

    const { items } = await activity.reader.list({ from: 0, to: NOW, limit: 10 });
    expect(items).toEqual([first]);
    expect((await hourOf(activity)).ended).toEqual({
      ...{ displaced: 0, logged_out: 0, revoked: 1, expired: 0, unknown: 0 },
    });
    expect((await hourOf(activity, NOW - 2 * HOUR)).ended.unknown).toBe(0);
  });

  it("keeps no more of a device than its label and class", async () => {
    const activity = await createTestActivity();
    const device = { ...PHONE, id: "secret", address: "192.0.2.7", userAgent: "Mozilla" };
    await activity.writer.put(
      contention("c1", { device, devices: [device, { ...LAPTOP, id: "x" } as never] }),
    );
    const { Item } = await activity.documents.send(
      new GetCommand({ TableName: activity.tableName, Key: recordKey("c1") }),
    );
    expect(Item).toMatchObject({ device: PHONE, devices: [PHONE, LAPTOP] });
    expect(JSON.stringify(Item)).not.toMatch(/secret|192\.0\.2\.7|Mozilla/);
  });

  it("is of its time's hour, and counted by its kind", async () => {
    const activity = await createTestActivity();
    const at = NOW - 3 * HOUR;
    const { fresh, lost } = await activity.writer.putAll([
      started("s1"),
      started("s2"),
      started("s3", { at }),
      started("d1", { kind: "denied" }),
      { id: "t1", at: NOW, kind: "throttled" },
      contention("c1"),
      contention("p1", { kind: "suspected", suspicion: "places", userId: "bob" }),
      { id: "a1", at: NOW, kind: "administered" },
    ]);
    expect(fresh).toHaveLength(8);
    expect(lost).toEqual([]);
    expect(await hourOf(activity)).toMatchObject({ started: 2, denied: 1, throttled: 1, suspected: 2 });
    expect(await hourOf(activity, at)).toMatchObject({ started: 1, denied: 0, throttled: 0, suspected: 0 });
  });

  it("expires with its user's 90 days, or the 35 of all else, and its hour with 35", async () => {
    const activity = await createTestActivity();
    await activity.writer.putAll([started("s1"), { id: "t1", at: NOW, kind: "throttled" }]);
    const ttlOf = async (Key: Record<string, unknown>) =>
      (await activity.documents.send(new GetCommand({ TableName: activity.tableName, Key }))).Item?.[
        "ttl"
      ] as number;
    expect(await ttlOf(recordKey("s1"))).toBe((NOW + 90 * DAY) / 1000);
    expect(await ttlOf(recordKey("t1"))).toBe((NOW + 35 * DAY) / 1000);
    expect(await ttlOf(hourKey(NOW))).toBe((NOW + HOUR / 2 + 35 * DAY) / 1000);
  });

  it("that nobody could read any more is not put", async () => {
    const activity = await createTestActivity();
    const { fresh, lost } = await activity.writer.putAll([started("old", { at: NOW - 91 * DAY })]);
    expect({ fresh, lost }).toEqual({ fresh: [], lost: [] });
  });
});

describe("a database that fails", () => {
  it("that loses the answer to a count is asked again, and counts once", async () => {
    const proxy = await startDynamoDbProxy(testDatabaseEndpoint());
    let losing = 1;
    proxy.interfere(({ operation }) =>
      operation === "UpdateItem" && losing-- > 0 ? { fault: "drop-answer" } : undefined,
    );
    const documents = testClient({ endpoint: proxy.endpoint, tries: 3 });
    const activity = await createTestActivity(documents);
    const { lost } = await activity.writer.putAll([started("s1"), started("s2")]);
    // The client sent the addition again, and it was there already.
    expect(lost).toEqual([]);
    expect(losing).toBeLessThan(0);
    expect((await hourOf(activity)).started).toBe(2);
    documents.destroy();
    await proxy.stop();
  });

  it("names what was lost; a single put says that the store is unavailable", async () => {
    const proxy = await startDynamoDbProxy(testDatabaseEndpoint());
    proxy.interfere(({ operation }) => (operation === "PutItem" ? { fault: "drop-request" } : undefined));
    const documents = testClient({ endpoint: proxy.endpoint, tries: 1 });
    const activity = await createTestActivity(documents);
    const { fresh, lost } = await activity.writer.putAll([started("s1")]);
    expect(fresh).toEqual([]);
    expect(lost).toMatchObject([{ what: "record", records: [{ id: "s1" }] }]);
    await expect(activity.writer.put(started("s1"))).rejects.toThrow(StoreUnavailableError);
    expect((await hourOf(activity)).started).toBe(0);
    documents.destroy();
    await proxy.stop();
  });
});

describe("a suspect", () => {
  it("is one item with the devices of the latest record, in whatever order records come", async () => {
    const activity = await createTestActivity();
    const places = { kind: "suspected", suspicion: "places", devices: [LAPTOP, PHONE] } as const;
    await activity.writer.put(contention("c2", { at: NOW - HOUR }));
    await activity.writer.put(contention("p1", { ...places, sessionId: "latest" }));
    await activity.writer.put(contention("c1", { at: NOW - 2 * HOUR }));
    await activity.writer.put(contention("c1", { at: NOW - 2 * HOUR }));
    expect(await activity.reader.suspects({ limit: 10 })).toEqual({
      items: [
        {
          ...{ userId: "alice", firstAt: NOW - 2 * HOUR, lastAt: NOW, times: 3 },
          ...{ suspicions: ["displacements", "places"], devices: [LAPTOP, PHONE], sessionId: "latest" },
        },
      ],
    });
  });

  it("counts every one of many records at once", async () => {
    const activity = await createTestActivity();
    const { lost } = await activity.writer.putAll(["a", "b", "c"].map((id) => contention(id)));
    expect(lost).toEqual([]);
    expect((await activity.reader.suspects({ limit: 1 })).items).toMatchObject([{ times: 3 }]);
  });

  it("begins anew after 35 days, though TTL has not come", async () => {
    const activity = await createTestActivity();
    await activity.writer.put(contention("c1"));
    activity.time.now = NOW + 36 * DAY;
    expect((await activity.reader.suspects({ limit: 10 })).items).toEqual([]);
    await activity.writer.put(contention("c2", { at: activity.time.now }));
    const { items } = await activity.reader.suspects({ limit: 10 });
    expect(items).toMatchObject([{ firstAt: activity.time.now, times: 1 }]);
  });
});
