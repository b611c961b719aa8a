import { request } from "node:http";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import type { AuthorizerQuestion } from "../../local/push/authorization.ts";
import { HandlerRefusal } from "../../local/push/push-options.ts";
import { startPushServer, type RunningPushServer } from "../../local/push/start-push-server.ts";
import { openEventSocket, signedForAppSync, type EventSocket, type Frame } from "../support/event-socket.ts";

const MINE = "abcdefgh";
let server: RunningPushServer;
let questions: AuthorizerQuestion[];
let faults: unknown[];
const sockets: EventSocket[] = [];

beforeEach(async () => {
  questions = [];
  faults = [];
  server = await startPushServer({
    namespaces: [
      {
        name: "sessions",
        onSubscribe: ({ channel }) => {
          if (channel.segments.length !== 2) throw new HandlerRefusal("Unauthorized", "by the handler");
          if (channel.segments[1] === "broken") throw new Error("the handler's fault");
        },
      },
      { name: "open", subscribeModes: ["AWS_LAMBDA", "AWS_IAM"], publishModes: ["AWS_LAMBDA"] },
    ],
    authorize: (question) => {
      questions.push(question);
      if (question.token === "throws") return Promise.reject(new Error("the authorizer's fault"));
      const isWanted = question.token === MINE || question.operation === "EVENT_CONNECT";
      return Promise.resolve(
        isWanted && question.token !== "nobody"
          ? { outcome: "authorized", handlerContext: { of: question.token } }
          : { outcome: "refused" },
      );
    },
    onFault: (error) => faults.push(error),
  });
});
afterEach(async () => {
  await Promise.all(sockets.splice(0).map((socket) => socket.close()));
  await server.stop();
});

async function open(credentials: Frame | undefined = mine()): Promise<EventSocket> {
  const socket = await openEventSocket(server.realtimeUrl, credentials);
  sockets.push(socket);
  return socket;
}
const mine = (Authorization = MINE): Frame => ({ Authorization, host: server.host });
const subscription = (channel: string, authorization = mine(), id = "1"): Frame => ({
  id,
  type: "subscribe",
  channel,
  authorization,
});
const errorOf = ({ errors }: Frame): unknown => (errors as readonly unknown[])[0];

const publish = (body: unknown, headers: Record<string, string> = signedForAppSync): Promise<Response> =>
  fetch(server.publishUrl, { method: "POST", headers, body: JSON.stringify(body) });

describe("connecting", () => {
  test("the authorizer is asked, and the first message is acknowledged", async () => {
    const socket = await open();
    expect(socket.socket.protocol).toBe("aws-appsync-event-ws");
    expect(await socket.ask({ type: "connection_init" })).toEqual({
      type: "connection_ack",
      connectionTimeoutMs: 300_000,
    });
    expect(questions).toMatchObject([{ operation: "EVENT_CONNECT", token: MINE, channel: undefined }]);
  });

  test.each([
    ["the authorizer says no", () => mine("nobody"), "You are not authorized to make this call"],
    ["the authorizer fails", () => mine("throws"), "The authorizer failed"],
    ["there are no credentials", () => undefined, "host is missing beside Authorization"],
    ["host is missing", () => ({ Authorization: MINE }), "host is missing beside Authorization"],
    [
      "host is another",
      () => ({ Authorization: MINE, host: "x.example" }),
      "host is x.example, not that of this API",
    ],
    ["Authorization is missing", () => ({ host: server.host }), "Missing authorization header"],
    ["a signature is not wanted", () => ({ ...signedForAppSync, host: server.host }), /the mode AWS_IAM$/],
  ])("where %s it is refused and closed", async (_, credentials, message) => {
    const socket = await openEventSocket(server.realtimeUrl, credentials());
    const answer = await socket.ask({ type: "connection_init" });
    expect(answer).toMatchObject({ type: "connection_error" });
    expect(errorOf(answer)).toEqual({
      errorType: "UnauthorizedException",
      message: typeof message === "string" ? message : (expect.stringMatching(message) as unknown),
    });
    expect(await socket.closed).toBe(1008);
  });

  test("the subprotocol and the path must be AppSync's", async () => {
    const statusOf = (url: string, protocols: string[]): Promise<number | undefined> =>
      new Promise((resolve) => {
        const socket = new WebSocket(url, protocols);
        socket.once("unexpected-response", (_, { statusCode }) => resolve(statusCode));
        socket.once("error", () => undefined);
      });
    expect(await statusOf(server.realtimeUrl, ["graphql-ws"])).toBe(400);
    expect(await statusOf(`${server.realtimeUrl}/more`, ["aws-appsync-event-ws"])).toBe(404);
    const plain = await new Promise((resolve) => {
      const url = server.realtimeUrl.replace("ws:", "http:");
      request(url, (response) => resolve(response.statusCode)).end();
    });
    expect(plain).toBe(404);
  });

  test("keep-alives come as often as is said", async () => {
    const often = await startPushServer({
      namespaces: [],
      authorize: () => Promise.resolve({ outcome: "authorized", handlerContext: undefined }),
      keepAliveMs: 20,
      connectionTimeoutMs: 100,
    });
    const credentials = { Authorization: "any", host: often.host };
    const socket = await openEventSocket(often.realtimeUrl, credentials);
    socket.send({ type: "connection_init" });
    const frames = [await socket.next(), await socket.next(), await socket.next()];
    expect(frames).toContainEqual({ type: "ka" });
    expect(frames).toContainEqual({ type: "connection_ack", connectionTimeoutMs: 100 });
    await often.stop();
    expect(await socket.closed).toBe(1006);
  });
});

describe("subscribing", () => {
  test("what is published on the channel arrives, until it is unsubscribed", async () => {
    const [socket, other] = [await open(), await open()];
    expect(await socket.ask(subscription(`/sessions/${MINE}`))).toEqual({
      id: "1",
      type: "subscribe_success",
    });
    await other.ask(subscription("/sessions/another", mine(), "2"));
    const answer = await publish({ channel: `/sessions/${MINE}`, events: ["{}", '"more"'] });
    expect([answer.status, await answer.json()]).toMatchObject([
      200,
      { failed: [], successful: [{ index: 0 }, { index: 1 }] },
    ]);
    expect(await socket.next()).toEqual({ id: "1", type: "data", event: "{}" });
    expect(await socket.next()).toEqual({ id: "1", type: "data", event: '"more"' });

    const unsubscribe = { id: "1", type: "unsubscribe" };
    expect(await socket.ask(unsubscribe)).toEqual({ id: "1", type: "unsubscribe_success" });
    await publish({ channel: `/sessions/${MINE}`, events: ["{}"] });
    expect(await socket.ask(unsubscribe)).toMatchObject({ id: "1", type: "unsubscribe_error" });
    expect(await other.ask({ type: "connection_init" })).toMatchObject({ type: "connection_ack" });
  });

  test("the authorizer is told what for", async () => {
    const socket = await open();
    await socket.ask(subscription("sessions/abc"));
    expect(questions.at(-1)).toMatchObject({
      operation: "EVENT_SUBSCRIBE",
      token: MINE,
      channel: { path: "/sessions/abc", namespace: "sessions" },
      requestHeaders: { upgrade: "websocket" },
    });
  });

  test.each([
    [
      "/sessions/a",
      () => mine("foreign"),
      "UnauthorizedException",
      "You are not authorized to make this call",
    ],
    ["/sessions/a", () => mine("throws"), "UnauthorizedException", "The authorizer failed"],
    [
      "/sessions/a",
      () => ({ Authorization: MINE }),
      "UnauthorizedException",
      "host is missing beside Authorization",
    ],
    ["/sessions/a/*", mine, "Unauthorized", "by the handler"],
    ["/sessions/broken", mine, "InternalFailureException", "the handler onSubscribe failed"],
    ["/elsewhere/a", mine, "BadRequestException", "no namespace elsewhere"],
    ["/*", mine, "BadRequestException", "channel is not the path of a channel"],
    ["/sessions/*/a", mine, "BadRequestException", "channel is not the path of a channel"],
    ["/sessions/a/b/c/d/e", mine, "BadRequestException", "channel is not the path of a channel"],
    ["", mine, "BadRequestException", "channel is not the path of a channel"],
  ])("%j is refused, and the connection goes on", async (channel, credentials, errorType, message) => {
    const socket = await open();
    const answer = await socket.ask(subscription(channel, credentials()));
    expect(answer).toMatchObject({ id: "1", type: "subscribe_error" });
    expect(errorOf(answer)).toEqual({ errorType, message });
    await publish({ channel: "/sessions/a", events: ["{}"] });
    expect(await socket.ask({ type: "connection_init" })).toMatchObject({ type: "connection_ack" });
  });

  test("an id is used once, and a message without one is refused", async () => {
    const socket = await open();
    await socket.ask(subscription("/sessions/a"));
    expect(errorOf(await socket.ask(subscription("/sessions/b")))).toMatchObject({ message: "id is in use" });
    expect(errorOf(await socket.ask(subscription("/sessions/b", mine(), "")))).toMatchObject({
      message: "id is missing",
    });
  });

  test("faults of the authorizer and of a handler are told to who runs it", async () => {
    const socket = await open();
    await socket.ask(subscription("/sessions/a", mine("throws")));
    await socket.ask(subscription("/sessions/broken"));
    expect(faults).toEqual([new Error("the authorizer's fault"), new Error("the handler's fault")]);
  });

  test("where the namespace lets it, a wildcard hears of everything below it", async () => {
    const socket = await open();
    await socket.ask(subscription("/open/a/*"));
    await socket.ask({ id: "p", type: "publish", channel: "/open/ab", events: ["1"], authorization: mine() });
    socket.send({ id: "q", type: "publish", channel: "/open/a/b/c", events: ["2"], authorization: mine() });
    expect(await socket.next()).toEqual({ id: "1", type: "data", event: "2" });
    expect(await socket.next()).toMatchObject({ id: "q", type: "publish_success", failed: [] });
  });
});

test.each([
  ["not JSON", "UnsupportedOperation"],
  ['{"type":"start"}', "UnsupportedOperation"],
  ["7", "UnsupportedOperation"],
])("the message %j is answered by an error", async (text, errorType) => {
  const socket = await open();
  socket.socket.send(text);
  expect(errorOf(await socket.next())).toMatchObject({ errorType });
});

describe("publishing", () => {
  const channel = "/sessions/a";
  test.each<[string, unknown, Record<string, string>, number, string]>([
    ["nothing signed", { channel, events: ["{}"] }, {}, 401, "Missing authorization header"],
    [
      "a token where a signature is wanted",
      { channel, events: ["{}"] },
      { authorization: MINE },
      401,
      "AWS_LAMBDA",
    ],
    [
      "a signature for another service",
      { channel, events: ["{}"] },
      { ...signedForAppSync, authorization: signedForAppSync.authorization.replace("appsync", "s3") },
      401,
      "The signature is not complete",
    ],
    [
      "a signature without its date",
      { channel, events: ["{}"] },
      { authorization: signedForAppSync.authorization },
      401,
      "The signature is not complete",
    ],
    [
      "six events",
      { channel, events: ["1", "2", "3", "4", "5", "6"] },
      signedForAppSync,
      400,
      "at most 5 events",
    ],
    ["no event", { channel, events: [] }, signedForAppSync, 400, "events is a list of texts"],
    [
      "an event that is no text",
      { channel, events: [{}] },
      signedForAppSync,
      400,
      "events is a list of texts",
    ],
    ["an event that is no JSON", { channel, events: ["{"] }, signedForAppSync, 400, "each event is JSON"],
    [
      "a long event",
      { channel, events: [`"${"x".repeat(245_760)}"`] },
      signedForAppSync,
      400,
      "at most 240 KB",
    ],
    [
      "a wildcard",
      { channel: "/sessions/*", events: ["{}"] },
      signedForAppSync,
      400,
      "not the path of a channel",
    ],
    ["no namespace", { channel: "/other/a", events: ["{}"] }, signedForAppSync, 400, "no namespace other"],
    ["no body", undefined, signedForAppSync, 400, "channel is text"],
  ])("%s is refused, and nobody hears of it", async (_, body, headers, status, message) => {
    const socket = await open();
    await socket.ask(subscription(channel));
    const answer = await publish(body, headers);
    expect([answer.status, await answer.json()]).toMatchObject([
      status,
      { errors: [{ message: expect.stringContaining(message) as unknown }] },
    ]);
    expect(await socket.ask({ type: "connection_init" })).toMatchObject({ type: "connection_ack" });
  });

  test("over the WebSocket the namespace's modes hold too", async () => {
    const socket = await open();
    const message = { id: "p", type: "publish", channel, events: ["{}"], authorization: mine() };
    expect(errorOf(await socket.ask(message))).toMatchObject({ errorType: "UnauthorizedException" });
    expect(errorOf(await socket.ask({ ...message, events: [] }))).toMatchObject({
      errorType: "BadRequestException",
    });
    expect(errorOf(await socket.ask({ ...message, channel: "/other/a" }))).toMatchObject({
      message: "no namespace other",
    });
  });
});

test("a client that is gone is forgotten", async () => {
  const socket = await open();
  await socket.ask(subscription("/sessions/a"));
  expect(server.connections.size).toBe(1);
  await socket.close();
  await vi.waitFor(() => expect(server.connections.size).toBe(0));
});
