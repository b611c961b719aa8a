import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  Api,
  CLIENT,
  closeBrowser,
  connected,
  DISPLACED,
  FakeSocket,
  happen,
  LIVE,
  MINUTE,
  openBrowser,
  pass,
  questions,
  SECOND,
  SERVER,
  socket,
  Tab,
  tries,
} from "./push-world.ts";

/** One page and its connection, with a clock, an API and a push server that the test leads. */
let api: Api;
beforeEach(() => {
  openBrowser();
  api = new Api();
});
afterEach(closeBrowser);

const OTHER = { ...LIVE, channel: LIVE.channel.replace("a", "b") };
describe("what is sent", () => {
  test("the frames are those of AWS's protocol", async () => {
    await connected(api);
    expect(FakeSocket.all).toMatchObject([
      { url: LIVE.url, protocols: CLIENT.protocols, sent: [CLIENT.init, CLIENT.subscribe] },
    ]);
    const encoded = CLIENT.protocols[1]?.replace("header-", "") ?? "";
    expect(JSON.parse(Buffer.from(encoded, "base64url").toString())).toEqual(CLIENT.header);
  });

  test("any host with a port comes in base64url too", async () => {
    for (const host of ["localhost:3000", "a.b-c.example.com", "127.0.0.1:65535", "x"]) {
      api.live = { ...LIVE, host, url: `ws://${host}/event/realtime` };
      const { watching } = new Tab(api);
      await pass(3 * SECOND);
      expect(FakeSocket.all.at(-1)?.protocols[1]).toBe(
        `header-${Buffer.from(JSON.stringify({ Authorization: LIVE.channel, host })).toString("base64url")}`,
      );
      watching.abort();
    }
  });
});

/** Lets each try fail at once, and tells when they came, in milliseconds from now. */
async function failing(milliseconds: number): Promise<readonly number[]> {
  const times: number[] = [];
  const beginning = Date.now();
  for (let passed = 0; passed < milliseconds; passed += 100) {
    const before = tries();
    await pass(100);
    if (tries() > before) times.push(Math.round((Date.now() - beginning) / 100) * 100);
    FakeSocket.open()[0]?.drop();
  }
  return times;
}

describe("a connection that is lost", () => {
  test("nothing comes for connectionTimeoutMs: it is closed, asked about, and made again within 10 s", async () => {
    await connected(api);
    await pass(7 * MINUTE);
    socket().tell(SERVER.keepAlive);
    socket().fallSilent();
    const first = socket();
    await pass(5 * MINUTE - 1);
    expect([first.isOpen, tries()]).toEqual([true, 1]);
    expect(await questions(api, 1)).toEqual([1]);
    expect(first.isOpen).toBe(false);
    await pass(10 * SECOND);
    expect(tries()).toBe(2);
  });

  test("the server does not accept within 15 s: closed, asked about, and tried again within 1 s", async () => {
    new Tab(api);
    await pass(3 * SECOND);
    socket().onopen?.();
    expect(await questions(api, 14_999)).toEqual([]);
    expect(await questions(api, 1)).toEqual([1]);
    await pass(SECOND);
    expect([FakeSocket.all[0]?.isOpen, tries()]).toEqual([false, 2]);
  });

  test("the server accepts and never subscribes, though it keeps the connection alive: tried again", async () => {
    new Tab(api);
    await pass(3 * SECOND);
    socket().accept();
    await pass(10 * SECOND);
    socket().tell(SERVER.keepAlive);
    await pass(6 * SECOND);
    expect([FakeSocket.all[0]?.isOpen, tries()]).toEqual([false, 2]);
  });

  test.each([
    [0, 0],
    [0.5, 5],
    [0.99, 9.9],
  ])("closed while healthy, with the random number %s: made again after %s s", async (random, seconds) => {
    await connected(api, { random: () => random });
    await pass(MINUTE);
    socket().drop();
    if (seconds > 0) await pass(seconds * SECOND - 1);
    expect(tries()).toBe(seconds > 0 ? 1 : tries());
    await pass(1);
    expect(tries()).toBe(2);
  });

  test("it had been accepted once: tries are 1, 2, 4 … at most 60 s apart, and nothing is warned of", async () => {
    const warn = vi.spyOn(console, "warn");
    await connected(api, { random: () => 0.999999 });
    socket().drop();
    await pass(10 * SECOND);
    socket().drop();
    const times = await failing(4 * MINUTE);
    const waits = times.map((time, index) => Math.round((time - (times[index - 1] ?? 0)) / SECOND));
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
    expect(warn).not.toHaveBeenCalled();
  });

  test.each(["throws", "closes", "tells of an error"] as const)(
    "it was never accepted in 3 tries (the platform %s): every 10 min, with one warning that names the policy",
    async (how) => {
      const warn = vi.spyOn(console, "warn").mockReturnValue();
      FakeSocket.forbidden = how;
      const { onEnded } = new Tab(api);
      await pass(10 * SECOND);
      expect(tries()).toBe(3);
      await pass(9 * MINUTE);
      expect(tries()).toBe(3);
      await pass(60 * MINUTE);
      expect(tries()).toBe(9);
      const source = "wss://example1234567890.appsync-realtime-api.eu-central-1.amazonaws.com";
      expect(warn.mock.calls).toEqual([
        [expect.stringContaining(`Content-Security-Policy has to have connect-src ${source}.`) as string],
      ]);
      expect(await questions(api, 2 * MINUTE)).toHaveLength(2);
      api.ended = DISPLACED;
      await pass(MINUTE);
      expect(onEnded).toHaveBeenCalledTimes(1);
    },
  );

  test("the network is back: asked at once, and connected", async () => {
    await connected(api);
    await pass(MINUTE);
    FakeSocket.forbidden = "closes";
    api.isDown = true;
    socket().drop();
    await pass(3 * MINUTE);
    Object.assign(FakeSocket, { forbidden: undefined });
    api.isDown = false;
    const before = api.askedAt.length;
    happen("online");
    await pass(0);
    expect([api.askedAt.length, FakeSocket.open().length]).toEqual([before + 1, 1]);
  });
});

describe("a refusal", () => {
  test.each(["connectionRefused", "subscriptionRefused", "malformed"] as const)(
    "it is final for that channel, also for a page that comes back, and is asked each minute: %s",
    async (frame) => {
      const tab = new Tab(api);
      await pass(3 * SECOND);
      socket().accept();
      socket().tell(SERVER[frame]);
      expect(await questions(api, 3 * MINUTE)).toHaveLength(3);
      tab.turn("hidden");
      await pass(MINUTE);
      tab.turn("visible");
      await pass(30 * MINUTE);
      expect(tries()).toBe(1);
    },
  );

  test.each(["connectionRefused", "subscriptionRefused"] as const)(
    "of a channel that was let in before is a fault that passes: it is tried again: %s",
    async (frame) => {
      await connected(api);
      socket().drop();
      await pass(10 * SECOND);
      socket().accept();
      socket().tell(SERVER[frame]);
      await pass(SECOND);
      expect(tries()).toBe(3);
      socket().subscribe();
      await pass(2 * SECOND);
      expect(await questions(api, 14 * MINUTE)).toEqual([]);
    },
  );

  test("another live is told: connected there within 60 s", async () => {
    new Tab(api);
    await pass(3 * SECOND);
    socket().tell(SERVER.connectionRefused);
    api.live = OTHER;
    await pass(57 * SECOND);
    expect(tries()).toBe(1);
    await pass(30 * SECOND);
    expect(tries()).toBe(2);
    socket().subscribe();
    expect(socket().sent[1]).toMatchObject({ channel: `/sessions/${OTHER.channel}` });
  });

  test("a fault of the server's is none: tried again", async () => {
    new Tab(api);
    await pass(3 * SECOND);
    socket().accept();
    socket().tell(SERVER.fault);
    await pass(SECOND);
    expect([FakeSocket.all[0]?.isOpen, tries()]).toEqual([false, 2]);
  });
});

test("another live is told while connected: the old connection is closed, the new one is made within 60 s", async () => {
  await connected(api);
  await pass(MINUTE);
  api.live = OTHER;
  socket().tell(SERVER.hint);
  await pass(SECOND);
  expect(FakeSocket.open()).toEqual([]);
  await pass(29.5 * SECOND);
  expect(tries()).toBe(2);
});

test("whatever comes by push, the session ends by a 401 of the API only", async () => {
  const { onEnded } = await connected(api);
  const ended = JSON.stringify({ type: "data", id: "1", event: JSON.stringify(DISPLACED) });
  for (const text of [
    ended,
    "",
    "null",
    "[]",
    "{",
    '{"type":5}',
    JSON.stringify({ ...DISPLACED, type: "ka" }),
  ]) {
    socket().tell(text);
    await pass(3 * SECOND);
  }
  socket().tell(SERVER.subscriptionRefused);
  await pass(5 * MINUTE);
  expect(onEnded).not.toHaveBeenCalled();
});

test("the watching is ended by its signal: nothing is open, asked or tried again", async () => {
  const { watching } = await connected(api);
  socket().tell(SERVER.hint);
  watching.abort();
  expect(FakeSocket.open()).toEqual([]);
  happen("online");
  expect(await questions(api, 60 * MINUTE)).toEqual([]);
  expect([tries(), vi.getTimerCount()]).toEqual([1, 0]);
});
