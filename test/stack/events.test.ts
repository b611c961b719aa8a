import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { DETAIL_TYPES } from "../../src/outbox/names.ts";
import { openEventSocket, type EventSocket, type Frame } from "../support/event-socket.ts";
import { addDemoUsers, FIREFOX_ON_MACOS, HttpClient } from "../support/http-client.ts";
import { startTestStack, type TestStack } from "../support/local-stack.ts";

const WAIT = { timeout: 60_000, interval: 50 };

interface SignedIn {
  readonly sessionId: string;
  readonly live: { readonly url: string; readonly host: string; readonly channel: string };
}

async function signIn(device: HttpClient, user: string): Promise<SignedIn> {
  await device.login(user);
  const answer = await device.session();
  const { session, live } = answer.body as { session: { id: string }; live: SignedIn["live"] };
  return { sessionId: session.id, live };
}

const credentials = ({ host, channel }: SignedIn["live"]) => ({ Authorization: channel, host });
const subscription = (live: SignedIn["live"], channel: string): Frame => ({
  id: "1",
  type: "subscribe",
  channel,
  authorization: credentials(live),
});

/** Connected as the page of a session is, and subscribed to its channel. */
async function listen(live: SignedIn["live"]): Promise<EventSocket> {
  const socket = await openEventSocket(live.url, credentials(live));
  expect(await socket.ask({ type: "connection_init" })).toMatchObject({ type: "connection_ack" });
  const answer = await socket.ask(subscription(live, `/sessions/${live.channel}`));
  expect(answer).toEqual({ id: "1", type: "subscribe_success" });
  return socket;
}

describe("a stack that tells", () => {
  let stack: TestStack;
  beforeAll(async () => {
    stack = await startTestStack();
    await addDemoUsers(stack);
  });
  afterAll(() => stack.stop());

  const devices = () => [new HttpClient(stack.url), new HttpClient(stack.url, FIREFOX_ON_MACOS)] as const;
  const toldOf = (sessionId: string) =>
    stack.events
      .filter(({ detail }) => (detail as { sessionId?: string }).sessionId === sessionId)
      .map(({ "detail-type": type, source, detail }) => ({ type, source, ...(detail as object) }));

  test("a login elsewhere reaches the first device's channel, and the bus in each session's order", async () => {
    const [laptop, phone] = devices();
    const first = await signIn(laptop, "alice");
    const socket = await listen(first.live);
    const second = await signIn(phone, "alice");

    expect(await socket.next()).toEqual({ id: "1", type: "data", event: "{}" });
    expect(await laptop.call("GET", "/session?watch=1")).toMatchObject({
      status: 401,
      body: { code: "session_displaced" },
    });
    await socket.close();
    await phone.logout();
    const common = { source: "single-session", version: "1", userId: "alice", identitySource: "passwords" };
    await vi.waitFor(() => {
      expect(toldOf(first.sessionId)).toMatchObject([
        { ...common, type: DETAIL_TYPES.started, device: { label: "Chrome on Windows" } },
        { ...common, type: DETAIL_TYPES.ended, reason: "displaced", by: { device: "Firefox on macOS" } },
      ]);
      expect(toldOf(second.sessionId)).toMatchObject([
        { ...common, type: DETAIL_TYPES.started, device: { label: "Firefox on macOS" } },
        { ...common, type: DETAIL_TYPES.ended, reason: "logged_out" },
      ]);
    }, WAIT);
    const text = JSON.stringify(stack.events);
    for (const { live } of [first, second]) expect(text).not.toContain(live.channel);
    expect(stack.lostBatches).toEqual([]);
  });

  test("a channel admits its own session only, and no wildcard", async () => {
    const [laptop, phone] = devices();
    const [mine, foreign] = [await signIn(laptop, "bob"), await signIn(phone, "alice")];
    const socket = await openEventSocket(mine.live.url, credentials(mine.live));
    for (const channel of [
      `/sessions/${foreign.live.channel}`,
      "/sessions/*",
      `/sessions/${mine.live.channel}/x`,
    ]) {
      expect(await socket.ask(subscription(mine.live, channel))).toMatchObject({ type: "subscribe_error" });
    }
    await socket.close();
    const guessing = await openEventSocket(mine.live.url, {
      ...credentials(mine.live),
      Authorization: "guess",
    });
    expect(await guessing.ask({ type: "connection_init" })).toMatchObject({ type: "connection_error" });
    await guessing.closed;
  });
});

test("with the bus out of reach logins and hints go on, and the events wait in the queue", async () => {
  const stack = await startTestStack({
    environment: { AWS_ENDPOINT_URL_EVENTBRIDGE: "http://localhost:1" },
  });
  await addDemoUsers(stack);
  const laptop = new HttpClient(stack.url);
  const first = await signIn(laptop, "alice");
  const socket = await listen(first.live);
  await signIn(new HttpClient(stack.url, FIREFOX_ON_MACOS), "alice");
  expect(await socket.next()).toMatchObject({ type: "data" });
  await socket.close();

  const { sessionId } = first;
  const waiting = await receiveAll(
    stack,
    (bodies) => bodies.filter((body) => body.includes(sessionId)).length === 2,
  );
  const events = waiting.map((body) => (JSON.parse(body) as { event: { sessionId: string } }).event);
  expect(events.filter((event) => event.sessionId === sessionId)).toMatchObject([
    { kind: "started" },
    { kind: "ended", reason: "displaced" },
  ]);
  expect(waiting.join("")).not.toContain(first.live.channel);
  expect(stack.events).toEqual([]);
  expect(stack.lostBatches).toEqual([]);
  await stack.stop();
});

/** Receives from the queue of the untold events until they are all there. */
async function receiveAll(
  stack: TestStack,
  isAll: (bodies: readonly string[]) => boolean,
): Promise<readonly string[]> {
  const sqs = new SQSClient({
    endpoint: stack.url,
    region: stack.region,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  const bodies: string[] = [];
  const QueueUrl = await untoldQueueOf(stack);
  const deadline = Date.now() + WAIT.timeout;
  while (!isAll(bodies) && Date.now() < deadline) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }),
    );
    for (const { Body = "", ReceiptHandle } of Messages) {
      bodies.push(Body);
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
  }
  sqs.destroy();
  expect(isAll(bodies), bodies.join("\n")).toBe(true);
  return bodies;
}

async function untoldQueueOf(stack: TestStack): Promise<string> {
  const response = await fetch(stack.url, {
    method: "POST",
    headers: { "x-amz-target": "AmazonSQS.ListQueues" },
    body: "{}",
  });
  const { QueueUrls } = (await response.json()) as { QueueUrls: readonly string[] };
  const found = QueueUrls.find((url) => url.includes("untold"));
  expect(found, QueueUrls.join(", ")).toBeDefined();
  return found ?? "";
}
