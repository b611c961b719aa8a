import { createHash, createHmac } from "node:crypto";
import { createServer, type IncomingHttpHeaders } from "node:http";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetCommand, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { afterEach, describe, expect, inject, onTestFinished, test, vi } from "vitest";
import { createDynamoDbClient, leaveOutIdle } from "../../src/dynamodb/sdk-client.ts";
import { createSessionsTable, sdkClient, testClient } from "../support/dynamodb.ts";
import { startDynamoDbProxy, throttled, type DynamoDbProxy } from "../support/dynamodb-proxy.ts";

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

const SECRET_ACCESS_KEY = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

/** A server that keeps what it is sent, and a client that sends it. */
async function startRecording() {
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
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = createDynamoDbClient({
    endpoint: `http://${host}`,
    region: "eu-central-1",
    credentials: {
      accessKeyId: "AKIDEXAMPLE",
      secretAccessKey: SECRET_ACCESS_KEY,
      sessionToken: "a+token/==",
    },
    tries: 1,
    connectionTimeout: 1000,
    requestTimeout: 3000,
  });
  onTestFinished(() => {
    client.destroy();
    server.closeAllConnections();
    server.close();
  });
  return { received, host, client };
}

test("each request is signed as AWS asks, with the session token, for its own host and time", async () => {
  const { received, host, client } = await startRecording();
  await client.send(new GetCommand({ TableName: "sessions", Key: { pk: "session#1" } }));
  await client.send(new ScanCommand({ TableName: "sessions" }));

  expect(received.map(({ headers }) => headers["x-amz-target"])).toEqual([
    "DynamoDB_20120810.GetItem",
    "DynamoDB_20120810.Scan",
  ]);
  for (const { headers, body } of received) {
    expect(headers).toMatchObject({ host, "x-amz-security-token": "a+token/==" });
    const signed = /SignedHeaders=([^,]+)/.exec(headers.authorization ?? "")?.[1]?.split(";") ?? [];
    expect(signed).toEqual(
      expect.arrayContaining(["host", "x-amz-date", "x-amz-target", "x-amz-security-token"]),
    );
    expect(headers.authorization).toContain(
      `Signature=${signatureOf({ headers, body }, signed, SECRET_ACCESS_KEY)}`,
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

describe("what the environment and the files of the SDK say", () => {
  afterEach(() => vi.unstubAllEnvs());

  test("of endpoints, retries and the user agent changes nothing of a request", async () => {
    const folder = await mkdtemp(join(tmpdir(), "sdk-client-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, "config");
    const settings = ["use_fips_endpoint = true", "account_id_endpoint_mode = required", "max_attempts = 9"];
    await writeFile(file, ["[default]", ...settings, "auth_scheme_preference = sigv4a"].join("\n"));
    vi.stubEnv("AWS_CONFIG_FILE", file);
    vi.stubEnv("AWS_USE_FIPS_ENDPOINT", "true");
    vi.stubEnv("AWS_USE_DUALSTACK_ENDPOINT", "true");
    vi.stubEnv("AWS_ACCOUNT_ID_ENDPOINT_MODE", "required");
    vi.stubEnv("AWS_LAMBDA_FUNCTION_NAME", "validate");
    vi.stubEnv("_X_AMZN_TRACE_ID", "Root=1-5759e988-bd862e3fe1be46a994272793");

    const { received, client } = await startRecording();
    await client.send(new GetCommand({ TableName: "sessions", Key: { pk: "session#1" } }));
    expect(Object.keys(received[0]?.headers ?? {}).sort()).toEqual([
      "amz-sdk-invocation-id",
      "amz-sdk-request",
      "authorization",
      "connection",
      "content-length",
      "content-type",
      "host",
      "x-amz-date",
      "x-amz-security-token",
      "x-amz-target",
    ]);
    expect(received[0]?.headers["amz-sdk-request"]).toBe("attempt=1; max=1");
  });
});

test("an SDK that lacks a middleware which is to be left out is found out when the client is made", () => {
  const client = sdkClient();
  onTestFinished(() => client.destroy());
  client.middlewareStack.remove("loggerMiddleware");
  expect(() => leaveOutIdle(client)).toThrow("the SDK has no middleware loggerMiddleware");
});
