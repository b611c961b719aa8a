import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { redriveEvents, type RedriveDependencies } from "../../cli/redrive-events.ts";
import { connectUntoldQueue } from "../../cli/untold-queue.ts";
import { eventsLost } from "../../src/outbox/make-events.ts";
import { createUntoldQueue, putEventsOn } from "../../src/outbox/targets.ts";
import type { Untold } from "../../src/outbox/untold.ts";
import { startFakeTargets, type FakeTargets } from "../support/fake-targets.ts";
import { LOCAL } from "../support/local-client.ts";

/** The redrive over the protocols of SQS and EventBridge, with the queue as the outbox fills it. */

let targets: FakeTargets;
let sqs: SQSClient;
let eventBridge: EventBridgeClient;
beforeAll(async () => {
  targets = await startFakeTargets();
  const where = { ...LOCAL, endpoint: targets.url };
  sqs = new SQSClient(where);
  eventBridge = new EventBridgeClient({ ...where, maxAttempts: 1 });
});
afterEach(() => {
  targets.behave({});
  targets.entries.splice(0);
  targets.messages.clear();
});
afterAll(async () => {
  sqs.destroy();
  eventBridge.destroy();
  await targets.stop();
});

const event = (number: number): Untold => ({ event: eventsLost(number) });
const UNREADABLE: Untold = { unreadable: { sessionId: "s", problem: "it makes no sense" } };

async function fill(untold: readonly Untold[]): Promise<void> {
  const send = createUntoldQueue(targets.queueUrl, { ...LOCAL, endpoint: targets.url });
  for (let start = 0; start < untold.length; start += 10) await send(untold.slice(start, start + 10));
}

const redrive = (options: Partial<RedriveDependencies> = {}) =>
  redriveEvents({
    ...{ sleep: () => Promise.resolve(), jitter: () => 0, stopwatch: () => 0 },
    queue: connectUntoldQueue(sqs, targets.queueUrl),
    putEvents: putEventsOn(eventBridge, "bus"),
    signal: new AbortController().signal,
    onProgress: () => undefined,
    dryRun: false,
    ...options,
  });

const told = () => targets.entries.map(({ Detail }) => JSON.parse(Detail) as unknown);
const NOTHING_LEFT = { refused: {}, unreadable: 0, unknown: 0, notDeleted: 0, stopped: false };

test("an empty queue tells nothing", async () => {
  expect(await redrive()).toEqual({ events: {}, ...NOTHING_LEFT });
});

test("all events of a long queue are told as they are, once, and the queue is empty", async () => {
  await fill(Array.from({ length: 57 }, (_, number) => event(number)));
  const progress: number[] = [];
  const result = await redrive({ onProgress: (done) => progress.push(done) });
  expect(result).toEqual({ events: { "events-lost": 57 }, ...NOTHING_LEFT });
  expect(new Set(targets.entries.map(({ Detail }) => Detail)).size).toBe(57);
  expect(targets.entries).toHaveLength(57);
  expect(targets.entries[0]).toMatchObject({ Source: "single-session", EventBusName: "bus" });
  expect(targets.messages.size).toBe(0);
  expect(progress.at(-1)).toBe(57);
});

test("a member that this version does not know is told with the others", async () => {
  const newer = { event: { ...eventsLost(1), added: true } } as Untold;
  await fill([newer]);
  await redrive();
  expect(told()).toEqual([{ ...eventsLost(1), added: true }]);
});

test("what the bus refuses stays, and is told by the next run", async () => {
  await fill([event(1), event(2), event(3)]);
  const second = JSON.stringify(eventsLost(2));
  targets.behave({ bus: ({ Detail }) => (Detail === second ? "InternalFailure" : undefined) });
  expect(await redrive()).toEqual({
    ...NOTHING_LEFT,
    events: { "events-lost": 2 },
    refused: { InternalFailure: 1 },
  });
  expect([...targets.messages.values()]).toEqual([JSON.stringify(event(2))]);
  targets.behave({});
  expect(await redrive()).toMatchObject({ events: { "events-lost": 1 } });
  expect(targets.messages.size).toBe(0);
});

test("a bus that is not there leaves the queue as it is", async () => {
  await fill([event(1), event(2)]);
  targets.behave({ bus: 503 });
  const { refused } = await redrive();
  expect(Object.values(refused)).toEqual([2]);
  expect(targets.messages.size).toBe(2);
});

test("a dry run says what there is, tells nothing, and leaves all of it for the run after it", async () => {
  await fill([event(1), event(2), UNREADABLE]);
  expect(await redrive({ dryRun: true })).toEqual({
    ...NOTHING_LEFT,
    events: { "events-lost": 2 },
    unreadable: 1,
  });
  expect([targets.entries.length, targets.messages.size]).toEqual([0, 3]);
  expect(await redrive()).toMatchObject({ events: { "events-lost": 2 }, unreadable: 1 });
});

test("records that could not be read, and messages of others, stay", async () => {
  await fill([UNREADABLE, event(1)]);
  targets.messages.set("foreign-1", "no JSON");
  targets.messages.set("foreign-2", JSON.stringify({ event: { kind: "another" } }));
  expect(await redrive()).toEqual({
    ...NOTHING_LEFT,
    events: { "events-lost": 1 },
    unreadable: 1,
    unknown: 2,
  });
  expect(targets.messages.size).toBe(3);
});

test("stopped in between, it finishes what it has begun, and the next run goes on", async () => {
  await fill(Array.from({ length: 200 }, (_, number) => event(number)));
  const stopping = new AbortController();
  const { events, stopped } = await redrive({
    signal: stopping.signal,
    onProgress: (done) => {
      if (done >= 20) stopping.abort();
    },
  });
  expect(stopped).toBe(true);
  expect(targets.messages.size).toBe(200 - (events["events-lost"] ?? 0));
  expect(targets.messages.size).toBeGreaterThan(0);
  await redrive();
  expect(targets.messages.size).toBe(0);
  expect(new Set(targets.entries.map(({ Detail }) => Detail)).size).toBe(200);
});
