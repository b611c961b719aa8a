import { DeleteCommand, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import type { DynamoDBRecord } from "aws-lambda";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { wireOutbox } from "../../functions/wiring.ts";
import type { SessionEvent } from "../../src/outbox/events.ts";
import { endingKey } from "../../src/sessions/table.ts";
import { testDatabaseEndpoint } from "../support/database-endpoint.ts";
import { testClient } from "../support/dynamodb.ts";
import { cancelled, startDynamoDbProxy, throttled, type DynamoDbProxy } from "../support/dynamodb-proxy.ts";
import { startFakeTargets, type BusEntry, type FakeTargets } from "../support/fake-targets.ts";
import { logIn, MINUTE, HOUR } from "../support/store.ts";
import { createToldStore, untoldIn, type ToldStore } from "./support.ts";

let targets: FakeTargets;
let proxy: DynamoDbProxy;
beforeAll(async () => {
  targets = await startFakeTargets();
  proxy = await startDynamoDbProxy(testDatabaseEndpoint());
});
afterEach(() => {
  targets.behave({});
  targets.entries.splice(0);
  targets.hints.splice(0);
  targets.messages.clear();
  for (const name of Object.keys(targets.calls)) targets.calls[name] = 0;
  proxy.interfere(() => undefined);
});
afterAll(async () => {
  await targets.stop();
  await proxy.stop();
});

/** "#x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF" (SQS, SendMessage). */
const SQS_TAKES = /^[\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]*$/u;

const eventIn = ({ Detail }: BusEntry) =>
  JSON.parse(Detail) as Exclude<SessionEvent, { kind: "events-lost" }>;
const told = () => targets.entries.map((entry) => `${eventIn(entry).userId} ${eventIn(entry).kind}`);

/** Some users, each signed in and displaced once: two starts and an end each. */
async function someChanges({ store, records }: Pick<ToldStore, "store" | "records">, users: number) {
  for (let user = 0; user < users; user++) {
    await logIn(store, `user-${user}`);
    await logIn(store, `user-${user}`);
  }
  return records();
}

describe("where the bus does not take an event", () => {
  test("twice, it is tried a third time, and what follows of the same session waits for it", async () => {
    const { run, telemetry, ...some } = await createToldStore(targets);
    const records = await someChanges(some, 2);
    const refused = new Map<string, number>();
    targets.behave({
      bus: (entry) => {
        const { id, userId } = eventIn(entry);
        const times = refused.get(id) ?? 0;
        refused.set(id, times + 1);
        return userId === "user-0" && times < 2 ? "ThrottlingException" : undefined;
      },
    });
    expect(await run(records)).toEqual({ batchItemFailures: [] });
    expect(told().filter((one) => one.startsWith("user-0"))).toHaveLength(3);
    expect(orderOfEach(targets.entries)).toEqual(orderOfEach(targets.entries, "started first"));
    expect(telemetry.counts()).toMatchObject({ EventsTold: 6 });
    expect(telemetry.counts()).not.toHaveProperty("EventsUntold");
  });

  test("for good, it goes to the queue as it is, and all others are told", async () => {
    const { run, telemetry, ...some } = await createToldStore(targets);
    const records = await someChanges(some, 2);
    targets.behave({ bus: (entry) => (eventIn(entry).kind === "ended" ? "InternalFailure" : undefined) });
    expect(await run(records)).toEqual({ batchItemFailures: [] });
    expect(told()).toEqual(["user-0 started", "user-0 started", "user-1 started", "user-1 started"]);
    expect(untoldIn(targets)).toMatchObject([
      { event: { kind: "ended", reason: "displaced", userId: "user-0" } },
      { event: { kind: "ended", reason: "displaced", userId: "user-1" } },
    ]);
    expect(telemetry.counts()).toMatchObject({ EventsTold: 4, EventsUntold: 2 });
    expect(telemetry.lines("outbox")).toMatchObject([
      { outbox: { problem: "event-refused", code: "InternalFailure", count: 2 } },
    ]);
  });

  test("which has what SQS takes in no message, it goes to the queue and comes out of it the same", async () => {
    const { run, ...some } = await createToldStore(targets);
    const userId = "a\u0000\u001b\u007f\ufffe\uffff\u{1fffe}z";
    await logIn(some.store, userId);
    targets.behave({
      bus: () => "InternalFailure",
      queue: (body) => (SQS_TAKES.test(body) ? undefined : "InvalidMessageContents"),
    });
    expect(await run(await some.records())).toEqual({ batchItemFailures: [] });
    expect(untoldIn(targets)).toMatchObject([{ event: { kind: "started", userId } }]);
  });

  test.each([500, 403])(
    "nor any other, answering %i, all go to the queue, and hints are sent",
    async (bus) => {
      const { run, telemetry, ...some } = await createToldStore(targets);
      const records = await someChanges(some, 5);
      targets.behave({ bus });
      expect(await run(records)).toEqual({ batchItemFailures: [] });
      expect(untoldIn(targets)).toHaveLength(15);
      expect(targets.hints).toHaveLength(5);
      expect(telemetry.counts()).toMatchObject({ EventsUntold: 15 });
      expect(telemetry.text()).not.toContain(targets.hints[0]!.split("/")[2]);
    },
  );
});

describe("where neither the bus nor the queue takes one", () => {
  test("Lambda is asked to give its record again, and then it is told with the same id", async () => {
    const { run, telemetry, ...some } = await createToldStore(targets);
    const records = await someChanges(some, 3);
    const isSecond = (text: string): boolean => text.includes('"user-1"');
    targets.behave({
      bus: ({ Detail }) => (isSecond(Detail) ? "InternalFailure" : undefined),
      queue: (body) => (isSecond(body) ? "InternalError" : undefined),
    });
    const first = records.findIndex(
      (record) => JSON.stringify(record).includes('"user-1"') && isOfSession(record),
    );
    const { batchItemFailures } = await run(records);
    expect(batchItemFailures).toEqual([{ itemIdentifier: records[first]?.dynamodb?.SequenceNumber }]);
    expect(telemetry.counts()).toMatchObject({ EventsTold: 6, EventsDropped: 3 });
    expect(told()).not.toContain("user-1 started");

    const ids = new Set(targets.entries.map((entry) => eventIn(entry).id));
    targets.behave({});
    expect(await run(records.slice(first))).toEqual({ batchItemFailures: [] });
    const all = new Set(targets.entries.map((entry) => eventIn(entry).id));
    expect([ids.size, all.size]).toEqual([6, 9]);
  });

  test("nor push, all of it fails, and each has its line", async () => {
    const { run, telemetry, ...some } = await createToldStore(targets);
    await logIn(some.store, "alice");
    targets.behave({ bus: 503, queue: 503, push: 503 });
    expect((await run(await some.records())).batchItemFailures).toHaveLength(1);
    expect(telemetry.lines("outbox").map(({ outbox }) => (outbox as { problem: string }).problem)).toEqual([
      "event-refused",
      "queue-refused",
    ]);
  });
});

describe("hints", () => {
  test.each([500, "silent"] as const)(
    "that nobody takes (%s) fail no batch, and all is told",
    async (push) => {
      const { run, telemetry, ...some } = await createToldStore(targets);
      const records = await someChanges(some, 2);
      targets.behave({ push });
      expect(await run(records)).toEqual({ batchItemFailures: [] });
      expect(telemetry.counts()).toMatchObject({ EventsTold: 6, HintsFailed: 2 });
      expect(targets.hints).toHaveLength(0);
    },
  );

  test("are not sent for what is older than a minute", async () => {
    const { run, ...some } = await createToldStore(targets, {}, { clock: () => Date.now() + 2 * MINUTE });
    await run(await someChanges(some, 1));
    expect([told().length, targets.hints.length]).toEqual([3, 0]);
  });

  test("are not sent where push is off", async () => {
    const { run, ...some } = await createToldStore(targets, {}, { publishHint: undefined });
    await run(await someChanges(some, 1));
    expect([told().length, targets.calls["event"] ?? 0]).toEqual([3, 0]);
  });
});

describe("endings", () => {
  test("that cannot be read stop the batch before the first that needs one; what is before is told", async () => {
    const documents = testClient({ endpoint: proxy.endpoint, tries: 1 });
    const { run, store, records, telemetry } = await createToldStore(
      targets,
      {},
      { documents, ...IMPATIENT },
    );
    await logIn(store, "alice");
    await logIn(store, "bob");
    const second = await logIn(store, "bob");
    const all = (await records()).filter(isOfSession);
    const removal = all.findIndex(({ dynamodb: change }) => change?.NewImage === undefined);
    // In the order that the stream gave them, which is not one between keys.
    const ordered = [...all.toSpliced(removal, 1), all[removal]!];
    proxy.interfere(({ operation }) => (operation === "BatchGetItem" ? throttled : undefined));
    expect(await run(ordered)).toEqual({
      batchItemFailures: [{ itemIdentifier: all[removal]?.dynamodb?.SequenceNumber }],
    });
    expect(told()).toEqual(["alice started", "bob started", "bob started"]);
    expect(targets.hints).toEqual([]);
    expect(telemetry.counts()).toMatchObject({ Unavailable: 1, EventsTold: 3 });

    proxy.interfere(() => undefined);
    await run(ordered.slice(3));
    expect(eventIn(targets.entries.at(-1)!)).toMatchObject({
      reason: "displaced",
      time: new Date(second.session.createdAt).toISOString(),
    });
  });

  test.each([
    ["that are not there yet", undefined],
    [
      "in whose place is one of a revocation that ran out of time",
      { endReason: "revoked", endedBy: "admin", endedAt: Date.now() - 10 * MINUTE },
    ],
  ])("%s are waited for, until their transaction is through", async (_, before) => {
    const documents = testClient({ endpoint: proxy.endpoint, tries: 1 });
    const { store, run, records, ...table } = await createToldStore(targets, {}, { documents });
    const { session, token } = await logIn(store, "alice");
    await records();
    await store.logout(token);
    // A transaction is applied item by item: as if the ending were the last of it.
    const TableName = table.tableName;
    const { Item } = await table.documents.send(
      new GetCommand({ TableName, Key: endingKey(session.id), ConsistentRead: true }),
    );
    await table.documents.send(new DeleteCommand({ TableName, Key: endingKey(session.id) }));
    if (before !== undefined)
      await table.documents.send(new PutCommand({ TableName, Item: { ...Item, ...before } }));
    let asked = 0;
    proxy.interfere(async ({ operation }) => {
      if (operation !== "TransactGetItems" || asked++ > 0) return undefined;
      await table.documents.send(new PutCommand({ TableName, Item }));
      return cancelled("None", "TransactionConflict");
    });
    await run(await records());
    expect(asked).toBe(2);
    expect(eventIn(targets.entries.at(-1)!)).toMatchObject({ reason: "logged_out", by: { id: "alice" } });
  });
});

test("changes that are nearly a day old are told together with that others may be lost, which has one id", async () => {
  const later = { clock: () => Date.now() + 23.5 * HOUR };
  const { run, telemetry, ...some } = await createToldStore(targets, {}, later);
  const records = await someChanges(some, 2);
  await run(records);
  const [lost, ...others] = targets.entries;
  expect(lost).toMatchObject({ DetailType: "Session Events Lost" });
  const seconds = Math.min(...records.map(({ dynamodb: change }) => change!.ApproximateCreationDateTime!));
  const { id, until } = JSON.parse(lost!.Detail) as { id: string; until: string };
  expect(until).toBe(new Date(seconds * 1000).toISOString());
  expect(others).toHaveLength(6);
  expect(telemetry.counts()).toMatchObject({ EventsLost: 1, EventsTold: 7 });
  await run(records);
  expect(JSON.parse(targets.entries[7]!.Detail)).toMatchObject({ id, kind: "events-lost" });
});

test("a record that makes no sense goes to the queue with what is known of it, and others are told", async () => {
  const { run, telemetry, ...some } = await createToldStore(targets);
  const [record] = (await someChanges(some, 1)).filter(isOfSession);
  const broken = structuredClone(record!);
  broken.dynamodb!.NewImage!["expiresAt"] = { S: "a secret perhaps" };
  await run([broken, ...(await someChanges(some, 1)).filter(isOfSession)]);
  expect(told()).toHaveLength(4);
  expect(untoldIn(targets)).toEqual([
    {
      unreadable: {
        sessionId: record?.dynamodb?.Keys?.["pk"]?.S?.replace("session#", ""),
        problem: "the item is not as expected: expiresAt (invalid_type)",
        eventId: record?.eventID,
        sequenceNumber: record?.dynamodb?.SequenceNumber,
      },
    },
  ]);
  expect(telemetry.counts()).toMatchObject({ EventsUntold: 1 });
});

test.each([undefined, {}, { Records: "none" }, { source: "aws.events" }])(
  "an event that is none of a stream fails as a whole: %j",
  async (event) => {
    const { telemetry } = await createToldStore(targets);
    const unused = () => Promise.reject(new Error("nothing is to be told"));
    const handler = wireOutbox({
      documents: testClient(),
      tables: { sessions: "none" },
      settings: { era: "1" },
      telemetry: telemetry.telemetry,
      putEvents: unused,
      sendToQueue: unused,
      publishHint: undefined,
    });
    await expect(handler(event, { awsRequestId: "1" } as never)).rejects.toThrow("no Records");
    expect(telemetry.counts()).toMatchObject({ Faults: 1 });
  },
);

/** A stopwatch whose every look is ten seconds later: patience ends at once. */
const IMPATIENT = {
  stopwatch: (() => {
    let now = 0;
    return () => (now += 10_000);
  })(),
};

const isOfSession = ({ dynamodb: change }: DynamoDBRecord): boolean => {
  const isOne = change?.Keys?.["pk"]?.S?.startsWith("session#") === true;
  return isOne && (change.NewImage === undefined || change.OldImage === undefined);
};

/** The kinds of what was told of each session, in order. */
function orderOfEach(entries: readonly BusEntry[], how: "as told" | "started first" = "as told"): string[] {
  const byStart = (kind: string): number => (kind === "started" ? 0 : 1);
  const sessions = Map.groupBy(entries.map(eventIn), ({ sessionId }) => sessionId);
  return [...sessions].map(([id, events]) => {
    const kinds = events.map(({ kind }) => kind);
    return `${id} ${(how === "as told" ? kinds : kinds.toSorted((one, other) => byStart(one) - byStart(other))).join()}`;
  });
}
