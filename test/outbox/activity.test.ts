import { DeleteCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createActivityReader } from "../../src/activity/reader.ts";
import { createActivityWriter } from "../../src/activity/writer.ts";
import { withinTime } from "../../src/dynamodb/time-left.ts";
import { keepActivity } from "../../src/outbox/keep-activity.ts";
import type { OutboxProblem } from "../../src/outbox/dependencies.ts";
import { startEvents } from "../../src/outbox/make-events.ts";
import { sessionKey } from "../../src/sessions/table.ts";
import { testDatabaseEndpoint } from "../support/database-endpoint.ts";
import { startDynamoDbProxy, type DynamoDbProxy } from "../support/dynamodb-proxy.ts";
import { createActivityTable, createSessionsTable, testClient } from "../support/dynamodb.ts";
import { startFakeTargets, type FakeTargets } from "../support/fake-targets.ts";
import { logIn } from "../support/store.ts";
import { createToldStore } from "./support.ts";

let targets: FakeTargets;
let proxy: DynamoDbProxy;
beforeAll(async () => {
  targets = await startFakeTargets();
  proxy = await startDynamoDbProxy(testDatabaseEndpoint());
});
beforeEach(() => proxy.interfere(() => undefined));
afterAll(async () => {
  await targets.stop();
  await proxy.stop();
});

async function createKept() {
  const activityTable = await createActivityTable();
  const sessions = await createSessionsTable();
  const documents = testClient({ endpoint: proxy.endpoint });
  const told = await createToldStore(
    targets,
    { tableName: sessions },
    { documents, tables: { sessions, activity: activityTable } },
  );
  const reader = createActivityReader({ documents: testClient(), tableName: activityTable, clock: Date.now });
  const now = Date.now();
  const list = () => reader.list({ userId: "alice", from: 0, to: now + 600_000, limit: 50 });
  const hour = async () => (await reader.hours({ from: Date.now(), to: Date.now() })).hours.at(-1);
  return { ...told, activityTable, list, hour };
}

describe("the outbox", () => {
  it("keeps what it told, by the ids of the events, and once however often it is told", async () => {
    const { store, run, records, list, hour, telemetry } = await createKept();
    const { session, token } = await logIn(store, "alice");
    await store.logout(token);
    const batch = await records();
    const before = targets.entries.length;
    await run(batch);
    const told = targets.entries
      .slice(before)
      .map(({ Detail }) => JSON.parse(Detail) as { id: string; time: string });
    await run(batch);
    await run(batch);

    const { items } = await list();
    expect(items.map(({ id }) => id).sort()).toEqual(told.map(({ id }) => id).sort());
    const common = { userId: "alice", sessionId: session.id, identitySource: session.identitySource };
    expect(items).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ ...common, kind: "started", at: session.createdAt }),
        expect.objectContaining({
          ...{ ...common, kind: "ended", reason: "logged_out", by: { id: "alice" } },
          startedAt: session.createdAt,
        }),
      ]),
    );
    expect(JSON.stringify(items)).not.toMatch(/address|userAgent|channel/);
    expect(await hour()).toMatchObject({ started: 1, ended: { logged_out: 1 } });
    expect(telemetry.counts()).not.toHaveProperty("ActivityLost");
  });

  it("tells its events though the activity table fails, and says what was lost", async () => {
    const { store, tell, list, activityTable, telemetry } = await createKept();
    await logIn(store, "alice");
    proxy.interfere(({ body }) =>
      (body as { TableName?: string }).TableName === activityTable ? { fault: "drop-request" } : undefined,
    );
    expect(await tell()).toMatchObject([{ kind: "started" }]);
    expect(telemetry.counts()).toMatchObject({ EventsTold: 1, ActivityLost: 1 });
    expect((await list()).items).toEqual([]);
  });

  it("does nothing of it where activity is off", async () => {
    const { store, tell, documents, tableName } = await createToldStore(targets);
    const { session } = await logIn(store, "alice");
    await documents.send(new DeleteCommand({ TableName: tableName, Key: sessionKey(session.id) }));
    expect(await tell()).toHaveLength(2);
  });
});

describe("a table that does not answer", () => {
  const seen = {
    ...{ id: "s" as never, userId: "alice", identitySource: "passwords", era: "1" },
    device: { label: "Firefox", class: "desktop" },
    ...{ createdAt: Date.now(), lastSeenAt: 0, idleExpiresAt: 0, expiresAt: 0 },
  } as const;

  it.each([
    ["for 3 seconds at most", 60_000, 2500, 8000],
    ["no longer than the function has", 1200, 400, 2500],
  ])("is waited for %s", async (_, remaining, least, most) => {
    const tableName = await createActivityTable();
    const documents = testClient({ endpoint: proxy.endpoint, tries: 3 });
    proxy.interfere(async ({ body }) => {
      if ((body as { TableName?: string }).TableName !== tableName) return undefined;
      await new Promise((resolve) => setTimeout(resolve, 6000));
      return undefined;
    });
    const problems: OutboxProblem[] = [];
    const start = performance.now();
    const lost = await withinTime(
      () => start + remaining - performance.now(),
      () =>
        keepActivity(
          {
            activity: createActivityWriter({ documents, tableName, clock: Date.now }),
            onProblem: (problem) => problems.push(problem),
            stopwatch: () => performance.now(),
          },
          startEvents(seen),
        ),
    );
    const took = performance.now() - start;
    expect(lost).toBe(1);
    expect(problems).toMatchObject([{ problem: "activity-lost", sessionId: "s" }]);
    expect(took).toBeGreaterThan(least);
    expect(took).toBeLessThan(most);
    documents.destroy();
  });
});
