import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  Api,
  closeBrowser,
  connected,
  DISPLACED,
  FakeSocket,
  LIVE,
  MINUTE,
  openBrowser,
  pass,
  questions,
  SECOND,
  SERVER,
  socket,
  Tab,
} from "./push-world.ts";

/** When one page asks, with and without a connection. */
let api: Api;
beforeEach(() => {
  openBrowser();
  api = new Api();
});
afterEach(closeBrowser);

describe("when it asks", () => {
  test("a subscription has been made: once, and after each later one again", async () => {
    await connected(api);
    expect(api.askedAt).toEqual([3 * SECOND, 5 * SECOND]);
    socket().drop();
    expect(await questions(api, 10 * SECOND)).toEqual([]);
    socket().subscribe();
    expect(await questions(api, MINUTE)).toEqual([]);
    expect(api.askedAt).toHaveLength(3);
  });

  test("a subscription has been made while it asks: once more afterwards", async () => {
    const tab = await connected(api);
    socket().drop();
    await pass(6 * SECOND);
    api.latencyMs = 5 * SECOND;
    tab.turn("visible");
    await pass(SECOND);
    socket().subscribe();
    api.latencyMs = 0;
    expect(await questions(api, MINUTE)).toEqual([4 * SECOND]);
  });

  test("a hint has come: at once, and the ending is handed over", async () => {
    const { onEnded } = await connected(api);
    await pass(MINUTE);
    api.ended = DISPLACED;
    socket().tell(SERVER.hint);
    await pass(0);
    expect(onEnded.mock.calls).toEqual([[DISPLACED]]);
    expect(FakeSocket.open()).toEqual([]);
    expect(await questions(api, 60 * MINUTE)).toEqual([]);
  });

  test("hints come in a burst: at once, and once more after 2 s", async () => {
    await connected(api);
    await pass(MINUTE);
    const before = api.askedAt.length;
    for (let hint = 0; hint < 5; hint++) socket().tell(SERVER.hint);
    expect(api.askedAt.length).toBe(before + 1);
    expect(await questions(api, MINUTE)).toEqual([2 * SECOND]);
  });

  test("a hint comes while it asks: once more afterwards", async () => {
    const { onEnded } = await connected(api);
    await pass(MINUTE);
    api.latencyMs = 3 * SECOND;
    socket().tell(SERVER.hint);
    await pass(SECOND);
    api.ended = DISPLACED;
    socket().tell(SERVER.hint);
    await pass(2 * SECOND + 1);
    expect(onEnded).not.toHaveBeenCalled();
    await pass(3 * SECOND);
    expect(onEnded).toHaveBeenCalledTimes(1);
  });

  test("the connection is lost right after a hint that waits: the hint is asked about all the same", async () => {
    await connected(api);
    await pass(MINUTE);
    socket().tell(SERVER.hint);
    await pass(500);
    socket().tell(SERVER.hint);
    socket().drop();
    expect(await questions(api, 3 * SECOND)).toEqual([1500]);
  });

  test("the API cannot be asked about a hint: it is asked again within 6 s", async () => {
    const { onEnded } = await connected(api);
    await pass(MINUTE);
    Object.assign(api, { isDown: true, ended: DISPLACED });
    socket().tell(SERVER.hint);
    await pass(SECOND);
    api.isDown = false;
    await pass(5 * SECOND);
    expect(onEnded).toHaveBeenCalledTimes(1);
  });

  test.each([
    [0, 13.5],
    [0.5, 15],
    [0.999999, 16.5],
  ])("connected, with the random number %s: every %s minutes", async (random, minutes) => {
    await connected(api, { random: () => random });
    expect(Math.round((await questions(api, 17 * MINUTE))[0]! / SECOND)).toBe(Math.round(minutes * 60));
  });

  test("connected, and a timeout is due before: then", async () => {
    api.idleMs = 10 * MINUTE;
    await connected(api);
    const [first, second] = await questions(api, 11 * MINUTE);
    expect([first, second]).toEqual([10 * MINUTE + SECOND, undefined]);
  });

  test("a timeout has passed by the page's clock and not by the API's: every minute, and not at once", async () => {
    api.idleMs = -5 * MINUTE;
    await connected(api);
    expect(await questions(api, 3.5 * MINUTE)).toEqual([1, 2, 3].map((minutes) => minutes * MINUTE));
  });

  test.each([
    [0, 60],
    [0.999999, 54],
  ])("not connected, with the random number %s: every %s s", async (random, seconds) => {
    new Tab(api, { random: () => random });
    await pass(3 * SECOND);
    socket().tell(SERVER.connectionRefused);
    const [first, second] = (await questions(api, 130 * SECOND)).map((at) => Math.round(at / SECOND));
    expect([first, second]).toEqual([seconds, 2 * seconds]);
  });

  test("the connection is lost late, and cannot be made again: within a minute of the loss", async () => {
    await connected(api);
    await pass(10 * MINUTE);
    FakeSocket.forbidden = "closes";
    socket().drop();
    expect((await questions(api, 3 * MINUTE)).map((at) => at / SECOND)).toEqual([57, 114, 171]);
  });

  test("intervalMs is given: so often while it is not connected, and not while it is", async () => {
    await connected(api, { intervalMs: 500 });
    expect(await questions(api, 14 * MINUTE)).toEqual([]);
    FakeSocket.forbidden = "closes";
    socket().drop();
    expect(await questions(api, 1100)).toEqual([500, 1000]);
  });
});

test.each([
  ["a minute, first after 3 s all the same", MINUTE, [3 * SECOND, 63 * SECOND, 123 * SECOND]],
  ["a second, and the first one too", SECOND, [SECOND, 2 * SECOND, 3 * SECOND]],
])("where there is no push, it asks every intervalMs: %s", async (_, intervalMs, expected) => {
  api.live = undefined;
  new Tab(api, { intervalMs });
  expect((await questions(api, 130 * SECOND)).slice(0, 3)).toEqual(expected);
});

test("an API that is down from the start is not asked more often for the first question", async () => {
  api.isDown = true;
  new Tab(api, { intervalMs: MINUTE, random: () => 1 });
  expect(await questions(api, 130 * SECOND)).toEqual([3 * SECOND, 63 * SECOND, 123 * SECOND]);
});

describe("as before, every 3 s and without a connection", () => {
  const without = (name: "url" | "host" | "channel") =>
    Object.fromEntries(Object.entries(LIVE).filter(([key]) => key !== name));
  test.each<[string, unknown]>([
    ["no live", undefined],
    ["null", null],
    ["text", "wss://example.com"],
    ["a list", []],
    ["no url", without("url")],
    ["no host", without("host")],
    ["no channel", without("channel")],
    ["a url of https", { ...LIVE, url: "https://example.com" }],
    ["a url that is a list", { ...LIVE, url: [LIVE.url] }],
    ["a host that is no host", { ...LIVE, host: 'a"b' }],
    ["a channel with a wildcard", { ...LIVE, channel: "*" }],
    ["a channel with two segments", { ...LIVE, channel: `${LIVE.channel}/b` }],
  ])("where live is %s", async (_, live) => {
    api.live = live;
    new Tab(api);
    expect(await questions(api, 10 * SECOND)).toEqual([3 * SECOND, 6 * SECOND, 9 * SECOND]);
    expect(FakeSocket.all).toEqual([]);
  });

  test("where push is false", async () => {
    new Tab(api, { push: false });
    expect(await questions(api, 10 * SECOND)).toEqual([3 * SECOND, 6 * SECOND, 9 * SECOND]);
    expect(FakeSocket.all).toEqual([]);
  });

  test.each(["WebSocket", "btoa"])("on a platform without %s", async (name) => {
    vi.stubGlobal(name, undefined);
    new Tab(api);
    expect(await questions(api, 10 * SECOND)).toEqual([3 * SECOND, 6 * SECOND, 9 * SECOND]);
    expect(FakeSocket.all).toEqual([]);
  });

  test("where the body of a live session is none, or was read already", async () => {
    const read = async (): Promise<Response> => {
      const response = await api.answer();
      await response.text();
      return response;
    };
    new Tab(api, { fetch: read });
    new Tab(api, { fetch: () => api.answer().then(() => new Response("<>")) });
    expect(await questions(api, 7 * SECOND)).toEqual([3, 3, 6, 6].map((seconds) => seconds * SECOND));
  });

  test("where live is no longer told: the connection is closed", async () => {
    await connected(api);
    await pass(MINUTE);
    api.live = undefined;
    socket().tell(SERVER.hint);
    expect(await questions(api, 10 * SECOND)).toEqual([3 * SECOND, 6 * SECOND, 9 * SECOND]);
    expect(FakeSocket.open()).toEqual([]);
  });
});
