import { createHash, createHmac } from "node:crypto";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  TransactGetCommand,
  TransactWriteCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { afterEach, describe, expect, inject, onTestFinished, test } from "vitest";
import { createSdkPipeline } from "../../src/sessions/sdk-pipeline.ts";
import type { DocumentClient } from "../../src/sessions/document-client.ts";
import { createSessionsTable, sdkDocumentClient, testClient } from "../support/dynamodb.ts";
import { startDynamoDbProxy, throttled, type DynamoDbProxy } from "../support/dynamodb-proxy.ts";

/** An item with every kind of value that the tables hold, and some that they do not. */
const ITEM = {
  pk: "session#1",
  userId: "älice\u{1f511}",
  createdAt: 1_795_000_000_000,
  share: 0.5,
  isAdmin: false,
  permissions: ["single_session.logout", 'a "quoted" one\n'],
  device: { label: "Chrome on Windows", address: null, nested: [{ deep: [] }] },
  left: undefined,
};

/** One after the other, each over what those before it left. */
const COMMANDS: readonly (readonly [string, (TableName: string) => object])[] = [
  ["a put", (TableName) => new PutCommand({ TableName, Item: ITEM })],
  [
    "a consistent read",
    (TableName) => new GetCommand({ TableName, Key: { pk: ITEM.pk }, ConsistentRead: true }),
  ],
  ["a read of what is not there", (TableName) => new GetCommand({ TableName, Key: { pk: "none" } })],
  [
    "a put whose condition fails, with the old item",
    (TableName) =>
      new PutCommand({
        TableName,
        Item: ITEM,
        ConditionExpression: "attribute_not_exists(pk)",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      }),
  ],
  [
    "an update that gives the old values",
    (TableName) =>
      new UpdateCommand({
        TableName,
        Key: { pk: ITEM.pk },
        UpdateExpression: "SET createdAt = :now ADD failures :one",
        ExpressionAttributeValues: { ":now": 7, ":one": 1 },
        ReturnValues: "UPDATED_OLD",
      }),
  ],
  [
    "a transaction that is cancelled, with its reasons",
    (TableName) =>
      new TransactWriteCommand({
        TransactItems: [
          { Put: { TableName, Item: { pk: "other" } } },
          {
            Delete: {
              TableName,
              Key: { pk: ITEM.pk },
              ConditionExpression: "createdAt = :then",
              ExpressionAttributeValues: { ":then": 8 },
              ReturnValuesOnConditionCheckFailure: "ALL_OLD",
            },
          },
        ],
      }),
  ],
  [
    "a transaction that is carried out",
    (TableName) =>
      new TransactWriteCommand({ TransactItems: [{ Put: { TableName, Item: { ...ITEM, pk: "two" } } }] }),
  ],
  [
    "a transaction of reads",
    (TableName) =>
      new TransactGetCommand({
        TransactItems: ["two", "none"].map((pk) => ({ Get: { TableName, Key: { pk } } })),
      }),
  ],
  [
    "a batch of reads",
    (TableName) =>
      new BatchGetCommand({ RequestItems: { [TableName]: { Keys: [{ pk: "two" }], ConsistentRead: true } } }),
  ],
  [
    "a batch of writes",
    (TableName) =>
      new BatchWriteCommand({
        RequestItems: {
          [TableName]: [
            { PutRequest: { Item: { pk: "three", n: -1 } } },
            { DeleteRequest: { Key: { pk: "two" } } },
          ],
        },
      }),
  ],
  [
    "a query of an index, page by page",
    (TableName) =>
      new QueryCommand({
        TableName,
        IndexName: "byUser",
        KeyConditionExpression: "userId = :user",
        ExpressionAttributeValues: { ":user": ITEM.userId },
        Limit: 1,
      }),
  ],
  ["a scan", (TableName) => new ScanCommand({ TableName, ConsistentRead: true })],
  [
    "a delete",
    (TableName) => new DeleteCommand({ TableName, Key: { pk: "three" }, ReturnValues: "ALL_OLD" }),
  ],
  ["a request that is wrong", (TableName) => new GetCommand({ TableName, Key: { wrong: 1 } })],
  ["a table that is not there", () => new GetCommand({ TableName: "none", Key: { pk: "x" } })],
];

test("it answers every kind of command as the SDK's own client does, refusals included", async () => {
  const answersOf = async (client: Pick<DocumentClient, "send">): Promise<unknown[]> => {
    const tableName = await createSessionsTable();
    const answers: unknown[] = [];
    for (const [name, command] of COMMANDS) {
      const answer = await client.send(command(tableName) as never).then(
        (output: object) => ({ ...output }),
        (error: unknown) => ({
          ...(error as object),
          text: (error as Error).message,
          is: (error as Error).name,
        }),
      );
      answers.push([name, withoutIds(answer, tableName)]);
    }
    return answers;
  };
  const ours = await answersOf(testClient());
  expect(ours).toEqual(await answersOf(sdkDocumentClient()));
  expect(ours).toHaveLength(COMMANDS.length);
});

/** Without what differs between any two calls. */
function withoutIds(answer: object, tableName: string): unknown {
  const { $metadata, ...rest } = answer as { $metadata: { httpStatusCode: number; attempts: number } };
  const { httpStatusCode, attempts } = $metadata;
  return JSON.parse(JSON.stringify({ ...rest, httpStatusCode, attempts }).replaceAll(tableName, "the table"));
}

test("of many commands at once each gets its own answer", async () => {
  const client = testClient();
  const TableName = await createSessionsTable();
  const keys = Array.from({ length: 60 }, (_, number) => ({ pk: `item-${number}` }));
  await Promise.all(
    keys.map((key, number) => client.send(new PutCommand({ TableName, Item: { ...key, number } }))),
  );
  const answers = await Promise.all(
    keys.map((Key) => client.send(new GetCommand({ TableName, Key, ConsistentRead: true }))),
  );
  expect(answers.map(({ Item }) => Item?.["number"] as number)).toEqual(keys.map((_, number) => number));
});

test("a command's own middleware sees that command's requests and no other's", async () => {
  const client = testClient();
  const TableName = await createSessionsTable();
  const seen: string[] = [];
  const get = (name: string) => {
    const command = new GetCommand({ TableName, Key: { pk: name } });
    command.middlewareStack.add(
      (next) => (args) => {
        seen.push(name);
        return next(args);
      },
      { name: "sees", step: "finalizeRequest", override: true },
    );
    return command;
  };
  await client.send(new GetCommand({ TableName, Key: { pk: "before" } }));
  await client.send(get("one"));
  await client.send(get("two"));
  await client.send(new GetCommand({ TableName, Key: { pk: "after" } }));
  expect(seen).toEqual(["one", "two"]);
});

describe("a request that DynamoDB throttles", () => {
  let proxy: DynamoDbProxy;
  afterEach(() => proxy.stop());

  test.each([
    [2, "answered", 3],
    [3, "refused", 3],
  ] as const)("%d times is %s after %d tries", async (times, outcome, tries) => {
    let sent = 0;
    proxy = await startDynamoDbProxy(inject("dynamoDbEndpoint"));
    proxy.interfere(() => (sent++ < times ? throttled : undefined));
    const TableName = await createSessionsTable();
    const result = testClient({ endpoint: proxy.endpoint, tries: 3 }).send(
      new GetCommand({ TableName, Key: { pk: "x" } }),
    );
    const expected = { $metadata: expect.objectContaining({ attempts: tries }) as object };
    await (outcome === "answered"
      ? expect(result).resolves.toMatchObject(expected)
      : expect(result).rejects.toMatchObject({
          name: "ProvisionedThroughputExceededException",
          ...expected,
        }));
    expect(sent).toBe(tries);
  });
});

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

test("each request is signed as AWS asks, with the session token, for its own host and time", async () => {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      received.push({ headers: request.headers, body });
      response.writeHead(200, { "content-type": "application/x-amz-json-1.0" }).end("{}");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const endpoint = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const secretAccessKey = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
  const client = createSdkPipeline({
    endpoint,
    region: "eu-central-1",
    credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey, sessionToken: "a+token/==" },
    tries: 1,
    connectionTimeout: 1000,
    requestTimeout: 3000,
  });
  await client.send(new GetCommand({ TableName: "sessions", Key: { pk: "session#1" } }));
  await client.send(new ScanCommand({ TableName: "sessions" }));
  client.destroy();

  expect(received.map(({ headers }) => headers["x-amz-target"])).toEqual([
    "DynamoDB_20120810.GetItem",
    "DynamoDB_20120810.Scan",
  ]);
  for (const { headers, body } of received) {
    expect(headers).toMatchObject({ host: endpoint.host, "x-amz-security-token": "a+token/==" });
    const signed = /SignedHeaders=([^,]+)/.exec(headers.authorization ?? "")?.[1]?.split(";") ?? [];
    expect(signed).toEqual(
      expect.arrayContaining(["host", "x-amz-date", "x-amz-target", "x-amz-security-token"]),
    );
    expect(headers.authorization).toContain(
      `Signature=${signatureOf({ headers, body }, signed, secretAccessKey)}`,
    );
    const at = (headers["x-amz-date"] as string).replace(/^(....)(..)(..T..)(..)/, "$1-$2-$3:$4:");
    expect(Math.abs(Date.parse(at) - Date.now())).toBeLessThan(60_000);
  }
});

/** Signature Version 4 once more, from AWS's description of it. */
function signatureOf({ headers, body }: Received, signed: readonly string[], secret: string): string {
  const hash = (text: string): string => createHash("sha256").update(text).digest("hex");
  const hmac = (key: string | Buffer, text: string): Buffer =>
    createHmac("sha256", key).update(text).digest();
  const time = headers["x-amz-date"] as string;
  const day = time.slice(0, 8);
  const canonical = [
    "POST",
    "/",
    "",
    ...signed.map((name) => `${name}:${String(headers[name])}`),
    "",
    signed.join(";"),
    hash(body),
  ].join("\n");
  const scope = [day, "eu-central-1", "dynamodb", "aws4_request"];
  const key = scope.reduce<string | Buffer>((secretSoFar, part) => hmac(secretSoFar, part), `AWS4${secret}`);
  return hmac(key, ["AWS4-HMAC-SHA256", time, scope.join("/"), hash(canonical)].join("\n")).toString("hex");
}
