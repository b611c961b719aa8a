import type { DynamoDBBatchResponse, DynamoDBRecord } from "aws-lambda";
import { wireOutbox } from "../../functions/wiring.ts";
import type { OutboxParts } from "../../functions/outbox-parts.ts";
import type { SessionEvent } from "../../src/outbox/events.ts";
import { createEventBus, createHintPublisher, createUntoldQueue } from "../../src/outbox/targets.ts";
import type { Untold } from "../../src/outbox/untold.ts";
import type { SessionStoreOptions } from "../../src/sessions/dependencies.ts";
import { recordTelemetry, type RecordedTelemetry } from "../http/recorded-telemetry.ts";
import { createSessionsTable, testClient } from "../support/dynamodb.ts";
import { problemsOfEvent } from "../support/event-schemas.ts";
import type { FakeTargets } from "../support/fake-targets.ts";
import { LOCAL } from "../support/local-client.ts";
import { openSessionStream } from "../support/session-stream.ts";
import { createTestStore, SETTINGS, type TestStore } from "../support/store.ts";

/** Settings of a deployment with push. */
export const PUSHING = {
  ...SETTINGS,
  push: {
    url: "wss://realtime.test/event/realtime",
    host: "http.test",
    publishUrl: "https://http.test/event",
  },
};

export const BUS = "sessions-bus";

/** A store whose table's stream an outbox tells, in real time. */
export interface ToldStore extends Pick<TestStore, "store" | "another" | "documents" | "tableName"> {
  /** The records since the last call. */
  readonly records: () => Promise<DynamoDBRecord[]>;
  /** Runs the function with records, as Lambda does. */
  readonly run: (records: readonly DynamoDBRecord[]) => Promise<DynamoDBBatchResponse>;
  /** Both, and the events that the bus took in that call. */
  readonly tell: () => Promise<SessionEvent[]>;
  readonly telemetry: RecordedTelemetry;
}

/** The calling function's context, as far as the outbox asks. */
const CONTEXT = { awsRequestId: "request", getRemainingTimeInMillis: () => 60_000 };

export async function createToldStore(
  targets: FakeTargets,
  options: Partial<SessionStoreOptions> = {},
  parts: Partial<OutboxParts> = {},
): Promise<ToldStore> {
  const tableName = options.tableName ?? (await createSessionsTable());
  const stream = await openSessionStream(tableName);
  const { store, another, documents } = await createTestStore({
    ...{ tableName, clock: Date.now, settings: PUSHING },
    ...options,
  });
  const telemetry = recordTelemetry();
  const handler = wireOutbox({
    documents: testClient(),
    tables: { sessions: tableName },
    settings: SETTINGS,
    telemetry: telemetry.telemetry,
    // Waits for nothing: how long the outbox is patient is not tested with it.
    sleep: () => Promise.resolve(),
    putEvents: createEventBus(BUS, { ...LOCAL, endpoint: targets.url }),
    sendToQueue: createUntoldQueue(targets.queueUrl, { ...LOCAL, endpoint: targets.url }),
    publishHint: createHintPublisher(`${targets.url}/event`, LOCAL),
    ...parts,
  });
  const run = async (Records: readonly DynamoDBRecord[]) =>
    (await handler({ Records }, CONTEXT as never)) as DynamoDBBatchResponse;
  return {
    ...{ store, another, documents, tableName, telemetry, run },
    records: () => stream.read(),
    async tell() {
      const before = targets.entries.length;
      const answer = await run(await stream.read());
      if (answer.batchItemFailures.length > 0) throw new Error("the outbox could not tell all");
      return targets.entries.slice(before).map(({ Source, DetailType, Detail }) => {
        const detail = JSON.parse(Detail) as SessionEvent;
        const problems = problemsOfEvent({ source: Source, "detail-type": DetailType, detail });
        if (problems.length > 0) throw new Error(`${Detail}: ${problems.join()}`);
        return detail;
      });
    },
  };
}

/** What is in the queue. */
export const untoldIn = (targets: FakeTargets): Untold[] =>
  [...targets.messages.values()].map((body) => JSON.parse(body) as Untold);
