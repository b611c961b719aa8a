import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { DynamoDBRecord, DynamoDBBatchResponse } from "aws-lambda";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { bundleFunction } from "../../infra/bundle.ts";
import { sessionKey } from "../../src/sessions/table.ts";
import { testDatabaseEndpoint } from "../support/database-endpoint.ts";
import { createSessionsTable } from "../support/dynamodb.ts";
import { startFakeTargets, type FakeTargets } from "../support/fake-targets.ts";
import { SETTINGS } from "../support/store.ts";

/** The function as it is deployed: what its bundle leaves out of the SDK, none of its calls needs. */

let targets: FakeTargets;
let folder: string;
let environment: Record<string, string>;

beforeAll(async () => {
  targets = await startFakeTargets();
  folder = await mkdtemp(join(tmpdir(), "outbox-"));
  for (const { name, contents } of bundleFunction({ id: "outbox" }))
    await writeFile(join(folder, name), contents);
  environment = {
    AWS_REGION: "eu-central-1",
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_ENDPOINT_URL_DYNAMODB: testDatabaseEndpoint(),
    AWS_ENDPOINT_URL_EVENTBRIDGE: targets.url,
    AWS_ENDPOINT_URL_SQS: targets.url,
    EVENT_BUS: "bus",
    UNTOLD_EVENTS_QUEUE: targets.queueUrl,
    SESSIONS_TABLE: await createSessionsTable(),
    SINGLE_SESSION_DEPLOYMENT: "Test/Sessions",
    SINGLE_SESSION_SETTINGS: JSON.stringify({
      ...{ ...SETTINGS, allowedOrigins: [] },
      push: {
        url: "wss://realtime.test/event/realtime",
        host: "http.test",
        publishUrl: `${targets.url}/event`,
      },
    }),
  };
});
afterEach(() => {
  targets.behave({});
  targets.entries.splice(0);
});
afterAll(async () => {
  await targets.stop();
  await rm(folder, { recursive: true });
});

/** Calls the handler in a thread with the environment of a function, and no other. */
async function call(records: readonly DynamoDBRecord[]): Promise<DynamoDBBatchResponse> {
  const program = `
    const { parentPort, workerData: { bundle, event } } = require("node:worker_threads");
    const context = { awsRequestId: "request", getRemainingTimeInMillis: () => 30_000 };
    import(bundle).then(({ handler }) => handler(event, context)).then((answer) => parentPort.postMessage(answer));
  `;
  const worker = new Worker(program, {
    eval: true,
    env: environment,
    stdout: true,
    workerData: { bundle: pathToFileURL(join(folder, "index.mjs")).href, event: { Records: records } },
  });
  try {
    return await new Promise((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", reject);
    });
  } finally {
    await worker.terminate();
  }
}

const NOW = Math.floor(Date.now() / 1000);
const item = {
  ...{ userId: "alice", identitySource: "passwords", era: "1", channel: "a".repeat(32) },
  device: { label: "Chrome on Windows", class: "desktop" },
  ...{ createdAt: NOW * 1000, lastSeenAt: NOW * 1000 },
  ...{ idleExpiresAt: (NOW + 1000) * 1000, expiresAt: (NOW + 2000) * 1000 },
};
const recordOf = (id: string, image: "NewImage" | "OldImage"): DynamoDBRecord => ({
  dynamodb: {
    Keys: marshall(sessionKey(id)) as never,
    ApproximateCreationDateTime: NOW,
    SequenceNumber: id,
    [image]: marshall(item),
  },
});

test("the deployed function reads DynamoDB, and calls EventBridge and AppSync", async () => {
  const records = [recordOf("started", "NewImage"), recordOf("ended", "OldImage")];
  expect(await call(records)).toEqual({ batchItemFailures: [] });
  expect(targets.entries.map(({ DetailType }) => DetailType)).toEqual(["Session Started", "Session Ended"]);
  expect(targets.hints).toEqual([`/sessions/${"a".repeat(32)}`]);
});

test("the deployed function calls SQS", async () => {
  targets.behave({ bus: 503 });
  expect(await call([recordOf("started", "NewImage")])).toEqual({ batchItemFailures: [] });
  expect(targets.messages.size).toBe(1);
});

test("where neither answers, the deployed function says which record", async () => {
  targets.behave({ bus: 503, queue: 503 });
  expect(await call([recordOf("started", "NewImage")])).toEqual({
    batchItemFailures: [{ itemIdentifier: "started" }],
  });
});
