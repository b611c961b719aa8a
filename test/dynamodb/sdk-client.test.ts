import { createServer, type IncomingHttpHeaders } from "node:http";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetCommand, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { Sha256 } from "@smithy/core/checksum";
import { HttpRequest } from "@smithy/core/protocols";
import { SignatureV4 } from "@smithy/signature-v4";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { createDynamoDbClient, leaveOutIdle } from "../../src/dynamodb/sdk-client.ts";
import { testDatabaseEndpoint } from "../support/database-endpoint.ts";
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
    proxy = await startDynamoDbProxy(testDatabaseEndpoint());
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

const REGION = "eu-central-1";
const CREDENTIALS = {
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
  sessionToken: "a+token/==",
};

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
    region: REGION,
    credentials: CREDENTIALS,
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

test("each request is signed with the session token, for its own host and time", async () => {
  const { received, host, client } = await startRecording();
  await client.send(new GetCommand({ TableName: "sessions", Key: { pk: "session#1" } }));
  await client.send(new ScanCommand({ TableName: "sessions" }));

  expect(received.map(({ headers }) => headers["x-amz-target"])).toEqual([
    "DynamoDB_20120810.GetItem",
    "DynamoDB_20120810.Scan",
  ]);
  for (const { headers, body } of received) {
    expect(headers).toMatchObject({ host, "x-amz-security-token": CREDENTIALS.sessionToken });
    const at = dateOf(headers["x-amz-date"] as string);
    expect(Math.abs(at.getTime() - Date.now())).toBeLessThan(60_000);
    const { "content-type": type, "x-amz-target": target } = headers;
    expect(headers.authorization).toBe(
      await sdkSignature({ "content-type": type!, "x-amz-target": target as string }, body, host, at),
    );
  }
});

/** `20261129T170215Z` as a date. */
const dateOf = (time: string): Date => new Date(time.replace(/^(....)(..)(..T..)(..)/, "$1-$2-$3:$4:"));

/** The SDK's own signature of the same request. */
async function sdkSignature(
  headers: Record<string, string>,
  body: string,
  host: string,
  signingDate: Date,
): Promise<string | undefined> {
  const signer = new SignatureV4({
    service: "dynamodb",
    region: REGION,
    credentials: CREDENTIALS,
    sha256: Sha256,
    applyChecksum: false,
  });
  const request = new HttpRequest({ method: "POST", path: "/", headers: { ...headers, host }, body });
  return (await signer.sign(request, { signingDate })).headers["authorization"];
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
