import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testClient } from "../support/dynamodb.ts";
import { openEventSocket, type EventSocket } from "../support/event-socket.ts";
import { startTestStack, type TestStack } from "../support/local-stack.ts";

const app = "test/local/outbox-app.ts";
const documents = testClient();
let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack({ app });
});
afterAll(() => stack.stop());

const put = (pk: string) =>
  documents.send(new PutCommand({ TableName: stack.tables["ThingsTableName"], Item: { pk } }));

describe("the Event API of the template", () => {
  const { host, realtimeUrl } = {
    host: () => new URL(stack.url).host,
    realtimeUrl: () => `ws://${new URL(stack.url).host}/event/realtime`,
  };
  const credentials = (Authorization: string) => ({ Authorization, host: host() });
  const open = (token: string): Promise<EventSocket> => openEventSocket(realtimeUrl(), credentials(token));
  const subscribe = (socket: EventSocket, channel: string, token: string) =>
    socket.ask({ id: "1", type: "subscribe", channel, authorization: credentials(token) });

  test("a hint that the function publishes arrives on the channel", async () => {
    const socket = await open("mine");
    expect(await socket.ask({ type: "connection_init" })).toMatchObject({ type: "connection_ack" });
    expect(await subscribe(socket, "/things/mine", "mine")).toMatchObject({ type: "subscribe_success" });
    await put("told#publish:mine");
    expect(await socket.next()).toEqual({ id: "1", type: "data", event: "{}" });
    await socket.close();
  });

  test("the authorizer is asked in AWS's words", async () => {
    const socket = await open("asked");
    await subscribe(socket, "/things/asked", "asked");
    await socket.close();
    const questions = stack.logLines
      .filter(({ line }) => line.startsWith("asked "))
      .map(({ line }) => JSON.parse(line.slice("asked ".length)) as Record<string, unknown>)
      .filter(({ authorizationToken }) => authorizationToken === "asked");
    const requestContext = { apiId: "local", accountId: "000000000000" };
    expect(questions).toMatchObject([
      {
        requestContext: {
          ...requestContext,
          operation: "EVENT_CONNECT",
          channel: null,
          channelNamespaceName: null,
        },
      },
      {
        requestContext: {
          ...requestContext,
          operation: "EVENT_SUBSCRIBE",
          channel: "/things/asked",
          channelNamespaceName: "things",
          requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown,
        },
        requestHeaders: { "sec-websocket-version": "13" },
      },
    ]);
  });

  test.each([
    ["/things/other", "mine", "UnauthorizedException"],
    ["/things/*", "mine", "UnauthorizedException"],
    ["/things/*", "any", "Unauthorized"],
    ["/things/a/b", "any", "Unauthorized"],
    ["/others/mine", "any", "BadRequestException"],
    ["/things/mine", "throws", "UnauthorizedException"],
    ["/things/mine", "nonsense", "UnauthorizedException"],
  ])("%s is refused to %s by the authorizer or the handler: %s", async (channel, token, errorType) => {
    const socket = await open("mine");
    const answer = await subscribe(socket, channel, token);
    expect(answer).toMatchObject({ type: "subscribe_error", errors: [{ errorType }] });
    await socket.close();
  });

  test("a stopped stack has closed all connections, and the stream is read no more", async () => {
    const other = await startTestStack({ app });
    const address = `ws://${new URL(other.url).host}/event/realtime`;
    const socket = await openEventSocket(address, { Authorization: "mine", host: new URL(other.url).host });
    await socket.ask({ type: "connection_init" });
    await other.stop();
    expect(await socket.closed).toBe(1006);
    const invocations = other.invocations.length;
    await documents.send(
      new PutCommand({ TableName: other.tables["ThingsTableName"], Item: { pk: "told#late" } }),
    );
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(other.invocations).toHaveLength(invocations);
  });
});
