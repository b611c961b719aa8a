import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { DeleteCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startDynamoDbLocal } from "../../local/dynamodb-local.ts";
import { testClient } from "../support/dynamodb.ts";
import { startTestStack, type TestStack } from "../support/local-stack.ts";

const app = "test/local/outbox-app.ts";
const WAIT = { timeout: 60_000, interval: 50 };
/** Of this file alone: one database removes expired items of its first ten tables only. */
let database: Awaited<ReturnType<typeof startDynamoDbLocal>>;
let stack: TestStack;
const told: string[] = [];
let documents: ReturnType<typeof testClient>;
let sqs: SQSClient;
let QueueUrl: string;

beforeAll(async () => {
  database = await startDynamoDbLocal();
  stack = await startTestStack({
    app,
    databaseEndpoint: database.endpoint,
    onEvent: ({ detail }, busName) => told.push(`${busName} ${(detail as { pk: string }).pk}`),
  });
  documents = testClient({ endpoint: database.endpoint });
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  sqs = new SQSClient({ endpoint: stack.url, region: stack.region, credentials });
  QueueUrl = stack.outputs["QueueUrl"] ?? "";
});
afterAll(async () => {
  sqs.destroy();
  await stack.stop();
  await database.stop();
});

const put = (pk: string, more: object = {}) =>
  documents.send(new PutCommand({ TableName: stack.tables["ThingsTableName"], Item: { pk, ...more } }));
const detailsOf = (pk: string) =>
  stack.events.map(({ detail }) => detail as Record<string, unknown>).filter((detail) => detail["pk"] === pk);

test("what the template refers to leads here", async () => {
  const { host } = new URL(stack.url);
  expect(await stack.invoke("environment", {})).toMatchObject({
    answer: {
      BUS: "OutboxBusDF336021",
      BUS_NAME: "OutboxBusDF336021",
      QUEUE: QueueUrl,
      PUBLISH_URL: `${stack.url}/event`,
      HOST: host,
      REALTIME_URL: `ws://${host}/event/realtime`,
      AWS_ENDPOINT_URL_EVENTBRIDGE: stack.url,
      AWS_ENDPOINT_URL_SQS: stack.url,
    },
  });
  expect(QueueUrl).toMatch(/^http:\/\/localhost:\d+\/000000000000\/Untold/);
});

describe("a change of a table", () => {
  test("reaches the function in order, and what the filter does not match does not", async () => {
    await put("other#1");
    for (const name of ["told#a:1", "told#a:2", "told#a:3"]) await put(name);
    await documents.send(
      new DeleteCommand({ TableName: stack.tables["ThingsTableName"], Key: { pk: "told#a:1" } }),
    );
    await vi.waitFor(() => {
      const changes = stack.events.map(({ detail }) => detail as Record<string, unknown>);
      const mine = changes.filter(({ pk }) => String(pk).startsWith("told#a"));
      expect(mine.map(({ pk, eventName }) => `${String(eventName)} ${String(pk)}`)).toEqual([
        "INSERT told#a:1",
        "INSERT told#a:2",
        "INSERT told#a:3",
        "REMOVE told#a:1",
      ]);
    }, WAIT);
    expect(told).toContain("OutboxBusDF336021 told#a:1");
    expect(detailsOf("other#1")).toEqual([]);
  });

  test("by time to live says so as on AWS", async () => {
    const ttl = Math.floor(Date.now() / 1000) + 1;
    await put("told#ttl", { ttl });
    await vi.waitFor(() => {
      expect(detailsOf("told#ttl").at(-1)).toMatchObject({
        eventName: "REMOVE",
        userIdentity: { type: "Service", principalId: "dynamodb.amazonaws.com" },
      });
    }, WAIT);
  });

  test("that the function throws at, and reports, is tried again until it passes", async () => {
    await put("told#throw:2:x");
    await put("told#fail:2:x");
    await put("told#after");
    await vi.waitFor(() => expect(detailsOf("told#after")).toHaveLength(1), WAIT);
    expect(detailsOf("told#throw:2:x")).toHaveLength(1);
    expect(detailsOf("told#fail:2:x")).toHaveLength(1);
    expect(stack.lostBatches).toEqual([]);
  });

  test("that never passes is given up alone, after its retries, and that is said", async () => {
    for (const pk of ["told#b:1", "told#throw:x", "told#b:2"]) await put(pk);
    await vi.waitFor(() => expect(detailsOf("told#b:2")).not.toEqual([]), WAIT);
    expect(detailsOf("told#b:1")).not.toEqual([]);
    expect(stack.lostBatches).toMatchObject([
      {
        functionName: "consume",
        condition: "RetryAttemptsExhausted",
        invocations: 3,
        reason: "Error: as told#throw:x asks",
        records: [{ dynamodb: { Keys: { pk: { S: "told#throw:x" } } } }],
      },
    ]);
    expect(stack.logLines.map(({ line }) => line)).toContainEqual(
      expect.stringMatching(
        /^gave up 1 records after 3 invocations .*told#throw:x.*On AWS they would go to arn:aws:s3:::Lost/,
      ),
    );
  });
});

describe("the event bus", () => {
  const bus = () =>
    new EventBridgeClient({
      endpoint: stack.url,
      region: stack.region,
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
    });
  const entry = (detail: object, more: object = {}) => ({
    Source: "things",
    DetailType: "Thing Changed",
    Detail: JSON.stringify(detail),
    EventBusName: "OutboxBusDF336021",
    ...more,
  });

  test("invokes the targets of the rules that match, and no other", async () => {
    const client = bus();
    await client.send(
      new PutEventsCommand({
        Entries: [
          entry({ pk: "told#heard" }, { Time: new Date("2026-01-02T03:04:05Z"), Resources: ["arn:x"] }),
          entry({ pk: "not heard: pattern" }),
          entry({ pk: "told#not heard: source" }, { Source: "others" }),
          entry({ pk: "told#not heard: bus" }, { EventBusName: "default" }),
        ],
      }),
    );
    client.destroy();
    await vi.waitFor(() => {
      const lines = stack.logLines.map(({ line }) => line).filter((line) => line.startsWith("heard "));
      const heard = lines.map(
        (line) => JSON.parse(line.slice("heard ".length)) as { detail: { pk: string } },
      );
      expect(heard.find(({ detail }) => detail.pk === "told#heard")).toEqual({
        version: "0",
        id: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown,
        "detail-type": "Thing Changed",
        source: "things",
        account: "000000000000",
        time: "2026-01-02T03:04:05Z",
        region: stack.region,
        resources: ["arn:x"],
        detail: { pk: "told#heard" },
      });
      expect(heard.filter(({ detail }) => detail.pk.includes("not heard"))).toEqual([]);
    }, WAIT);
    expect(told).toContain("default told#not heard: bus");
  });

  test("refuses entries as EventBridge does, each for itself", async () => {
    const client = bus();
    const { FailedEntryCount, Entries } = await client.send(
      new PutEventsCommand({
        Entries: [
          entry({}, { Detail: "{" }),
          entry({}, { Detail: "[]" }),
          entry({}, { Source: "" }),
          entry({}, { Source: "aws.s3" }),
          entry({ pk: "fine" }),
        ],
      }),
    );
    expect(FailedEntryCount).toBe(4);
    expect(Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual([
      "MalformedDetail",
      "MalformedDetail",
      "InvalidArgument",
      "NotAuthorizedForSource",
      undefined,
    ]);
    const eleven = Array.from({ length: 11 }, () => entry({}));
    await expect(client.send(new PutEventsCommand({ Entries: eleven }))).rejects.toThrow(
      "1 to 10 are accepted",
    );
    const large = [entry({ text: "x".repeat(256 * 1024) })];
    await expect(client.send(new PutEventsCommand({ Entries: large }))).rejects.toThrow("over the limit");
    client.destroy();
  });
});

describe("a queue", () => {
  test("keeps what a function sends until it is received and deleted", async () => {
    await put("told#queue");
    const { Messages: received } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }),
    );
    expect(received).toMatchObject([{ Body: "told#queue", Attributes: { ApproximateReceiveCount: "1" } }]);
    const countsNow = async () => {
      const names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"] as const;
      const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...names] });
      const { Attributes } = await sqs.send(command);
      return names.map((name) => Attributes?.[name]);
    };
    expect(await countsNow()).toEqual(["0", "1"]);
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: received?.[0]?.ReceiptHandle }));
    expect(await countsNow()).toEqual(["0", "0"]);
  });

  test("shows a message again when its visibility timeout is over", async () => {
    await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: [{ Id: "1", MessageBody: "again" }] }));
    const receive = new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 1, WaitTimeSeconds: 10 });
    const { Messages: first } = await sqs.send(receive);
    const { Messages: second } = await sqs.send(receive);
    expect([first, second]).toMatchObject([[{ Body: "again" }], [{ Body: "again" }]]);
    expect(second?.[0]?.ReceiptHandle).not.toBe(first?.[0]?.ReceiptHandle);
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: second?.[0]?.ReceiptHandle }));
  });

  test("is found by its name, and one that is not there is named", async () => {
    const QueueName = QueueUrl.split("/").at(-1) ?? "";
    expect(await sqs.send(new GetQueueUrlCommand({ QueueName }))).toMatchObject({ QueueUrl });
    const elsewhere = { QueueUrl: `${QueueUrl}x`, MessageBody: "x" };
    await expect(sqs.send(new SendMessageCommand(elsewhere))).rejects.toMatchObject({
      name: "QueueDoesNotExist",
    });
  });
});

test("an operation that does not run here is named with those that do, and a web page is refused", async () => {
  const call = (target: string, headers = {}) =>
    fetch(stack.url, { method: "POST", headers: { "x-amz-target": target, ...headers }, body: "{}" });
  const unknown = await call("AmazonSQS.CreateQueue");
  expect(unknown.status).toBe(400);
  expect(await unknown.json()).toMatchObject({
    message: expect.stringMatching(
      /^AmazonSQS.CreateQueue does not run here; there are AWSEvents\./,
    ) as unknown,
  });
  expect((await call("AmazonSQS.ListQueues", { origin: "https://x.example" })).status).toBe(403);
  expect((await call("AmazonSQS.SendMessage")).status).toBe(400);
});
