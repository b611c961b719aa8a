import { createHash, createHmac } from "node:crypto";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { GetCommand, PutCommand, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { afterEach, describe, expect, inject, onTestFinished, test } from "vitest";
import { createSdkPipeline } from "../../src/dynamodb/sdk-pipeline.ts";
import type { DocumentClient } from "../../src/dynamodb/document-client.ts";
import { COMMANDS } from "./document-commands.ts";
import { createSessionsTable, sdkDocumentClient, testClient } from "../support/dynamodb.ts";
import { startDynamoDbProxy, throttled, type DynamoDbProxy } from "../support/dynamodb-proxy.ts";

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
