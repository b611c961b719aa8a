import { afterAll, beforeAll, expect, test } from "vitest";
import { readChannel } from "../../local/push/channel.ts";
import { startPushServer, type RunningPushServer } from "../../local/push/start-push-server.ts";
import { openEventSocket } from "../support/event-socket.ts";
import frames from "./push-frames.json" with { type: "json" };

/** Whether the endpoint of this machine says what the frames say that AWS's does. */
const { channel } = frames.live;
let server: RunningPushServer;
beforeAll(async () => {
  server = await startPushServer({
    namespaces: [{ name: "sessions" }],
    authorize: (question) =>
      Promise.resolve(
        question.token === channel &&
          (question.channel === undefined || question.channel.segments[1] === channel)
          ? { outcome: "authorized", handlerContext: undefined }
          : { outcome: "refused" },
      ),
    keepAliveMs: 1000,
  });
});
afterAll(() => server.stop());

const authorization = (): Record<string, string> => ({ ...frames.client.header, host: server.host });
const refused = (frame: { readonly errors: readonly object[] }): object => ({
  ...frame,
  errors: frame.errors.map((error) => ({ ...error, message: expect.any(String) as string })),
});

test("a connection: accepted, subscribed, told, kept alive", async () => {
  const socket = await openEventSocket(server.realtimeUrl, authorization());
  expect(await socket.ask(frames.client.init)).toEqual(frames.server.ack);
  const subscribe = { ...frames.client.subscribe, authorization: authorization() };
  expect(await socket.ask(subscribe)).toEqual(frames.server.subscribed);
  server.broadcast(readChannel(frames.client.subscribe.channel)!, ["{}"]);
  const later = [await socket.next(), await socket.next()];
  expect(later).toEqual(expect.arrayContaining([frames.server.hint, frames.server.keepAlive]));
  await socket.close();
});

test("a connection that is refused", async () => {
  const socket = await openEventSocket(server.realtimeUrl, { ...authorization(), Authorization: "another" });
  expect(await socket.ask(frames.client.init)).toEqual(refused(frames.server.connectionRefused));
  await socket.closed;
});

test("a subscription that is refused", async () => {
  const socket = await openEventSocket(server.realtimeUrl, authorization());
  await socket.ask(frames.client.init);
  const subscribe = {
    ...frames.client.subscribe,
    channel: "/sessions/another",
    authorization: authorization(),
  };
  expect(await socket.ask(subscribe)).toEqual(refused(frames.server.subscriptionRefused));
  await socket.close();
});
