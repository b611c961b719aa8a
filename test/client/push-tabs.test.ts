import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  Api,
  closeBrowser,
  connected,
  DISPLACED,
  FakeBroadcastChannel,
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
  type FakeLocks,
} from "./push-world.ts";

/** The tabs of one browser, and what happens to pages. */
let api: Api;
let locks: FakeLocks;
beforeEach(() => {
  locks = openBrowser();
  api = new Api();
});
afterEach(closeBrowser);

const LOCK = `single-session:${LIVE.channel}`;

/** One tab leads and is connected; the others follow. */
async function three(): Promise<readonly [Tab, Tab, Tab]> {
  const leader = await connected(api);
  const tabs = [leader, new Tab(api), new Tab(api)] as const;
  await pass(MINUTE);
  return tabs;
}
const asked = (tabs: readonly Tab[]): readonly number[] => tabs.map((tab) => tab.asked);

describe("the tabs of one session", () => {
  test("have one connection, and only the one that leads asks", async () => {
    const tabs = await three();
    expect([tries(), locks.names]).toEqual([1, new Set([LOCK])]);
    const before = asked(tabs);
    await pass(28 * MINUTE);
    expect(asked(tabs).map((count, index) => count - before[index]!)).toEqual([1, 0, 0]);
  });

  test("hear how it ended from the one that asked, and stop", async () => {
    const tabs = await three();
    const before = asked(tabs);
    api.ended = DISPLACED;
    socket().tell(SERVER.hint);
    await pass(0);
    expect(tabs.map(({ onEnded }) => onEnded.mock.calls)).toEqual([
      [[DISPLACED]],
      [[DISPLACED]],
      [[DISPLACED]],
    ]);
    expect(asked(tabs).map((count, index) => count - before[index]!)).toEqual([1, 0, 0]);
    expect([FakeSocket.open(), FakeBroadcastChannel.all.size, vi.getTimerCount()]).toEqual([[], 0, 0]);
  });

  test("take nothing else that is told there for an ending", async () => {
    const tabs = await three();
    const channel = new FakeBroadcastChannel(LOCK);
    for (const message of [undefined, null, "session_displaced", {}, { code: "soon" }, [DISPLACED]]) {
      channel.postMessage(message);
    }
    await pass(SECOND);
    expect(tabs.map(({ onEnded }) => onEnded.mock.calls)).toEqual([[], [], []]);
  });

  test("take it for a hint that another has no session: its token may be its own", async () => {
    const own = new Api();
    const leader = await connected(own);
    const tabs = [new Tab(api), new Tab(api)];
    await pass(MINUTE);
    const before = asked(tabs);
    own.ended = { code: "no_session" };
    socket().tell(SERVER.hint);
    await pass(0);
    expect(leader.onEnded.mock.calls).toEqual([[{ code: "no_session" }]]);
    expect(tabs.map(({ onEnded }) => onEnded.mock.calls)).toEqual([[], []]);
    expect(asked(tabs).map((count, index) => count - before[index]!)).toEqual([1, 1]);
  });

  test("of another session have a connection of their own", async () => {
    await connected(api);
    const other = new Api();
    other.live = { ...LIVE, channel: LIVE.channel.replace("a", "b") };
    new Tab(other);
    await pass(3 * SECOND);
    expect([FakeSocket.open().length, locks.names.size]).toEqual([2, 2]);
  });
});

describe("the tab that leads", () => {
  test("ends its watching: the next one connects, and asks when it has subscribed", async () => {
    const [leader, next] = await three();
    leader.watching.abort();
    await pass(0);
    expect(FakeSocket.open()).toHaveLength(1);
    const before = next.asked;
    socket().subscribe();
    await pass(0);
    expect(next.asked).toBe(before + 1);
  });

  test("has been hidden for 15 s: the next one connects, and the hidden one comes back as a follower", async () => {
    const [leader, next] = await three();
    leader.turn("hidden");
    await pass(15 * SECOND - 1);
    expect(tries()).toBe(1);
    await pass(1);
    expect([FakeSocket.all[0]?.isOpen, FakeSocket.open().length]).toEqual([false, 1]);
    socket().subscribe();
    await pass(2 * SECOND);
    const before = asked([leader, next]);
    leader.turn("visible");
    await pass(MINUTE);
    // It asks for itself when it is seen again, and no more.
    expect(asked([leader, next]).map((count, index) => count - before[index]!)).toEqual([1, 0]);
    expect(tries()).toBe(2);
  });

  test("is hidden for less: it keeps the connection, and what comes by it reaches the others", async () => {
    const [leader, next] = await three();
    leader.turn("hidden");
    await pass(10 * SECOND);
    leader.turn("visible");
    await pass(30 * SECOND);
    leader.turn("hidden");
    await pass(SECOND);
    api.ended = DISPLACED;
    socket().tell(SERVER.hint);
    await pass(0);
    expect([tries(), next.onEnded.mock.calls]).toEqual([1, [[DISPLACED]]]);
  });

  test("is hidden, and its connection is lost: the next one takes over at once", async () => {
    const [leader] = await three();
    leader.turn("hidden");
    socket().drop();
    await pass(0);
    expect(FakeSocket.open()).toHaveLength(1);
  });

  test("is silent, as a frozen one: after 60 s another asks, takes the lock from it, and connects", async () => {
    const [leader, next] = await three();
    // Nothing that it tells arrives, and it releases nothing.
    const deaf = [...FakeBroadcastChannel.all][0]!;
    vi.spyOn(deaf, "postMessage").mockReturnValue();
    const before = asked([leader, next]);
    await pass(MINUTE);
    expect(next.asked).toBeGreaterThan(before[1]!);
    expect([FakeSocket.all[0]?.isOpen, FakeSocket.open().length]).toEqual([false, 1]);
    // Thawed, it follows: it is the next in the queue.
    deaf.postMessage = () => undefined;
    socket().subscribe();
    await pass(5 * MINUTE);
    expect(FakeSocket.open()).toHaveLength(1);
  });
});

describe("a tab that follows", () => {
  test("is hidden: it waits for the lock no more, and leads nobody", async () => {
    const [leader, second, third] = await three();
    second.turn("hidden");
    third.turn("hidden");
    leader.watching.abort();
    await pass(MINUTE);
    expect(FakeSocket.open()).toEqual([]);
    third.turn("visible");
    await pass(0);
    expect(FakeSocket.open()).toHaveLength(1);
  });

  test("is seen again: it asks at once", async () => {
    const [, second] = await three();
    second.turn("hidden");
    await pass(MINUTE);
    api.ended = DISPLACED;
    second.turn("visible");
    await pass(0);
    expect(second.onEnded.mock.calls).toEqual([[DISPLACED]]);
  });
});

describe("each tab is alone", () => {
  const forbidden = { request: () => Promise.reject(new DOMException("opaque origin", "SecurityError")) };
  function forbiddenChannel(): never {
    throw new DOMException("no storage", "SecurityError");
  }
  test.each<[string, string, unknown]>([
    ["without Web Locks", "navigator", {}],
    ["without a navigator", "navigator", undefined],
    ["where Web Locks are forbidden", "navigator", { locks: forbidden }],
    ["without BroadcastChannel", "BroadcastChannel", undefined],
    ["where BroadcastChannel is forbidden", "BroadcastChannel", forbiddenChannel],
  ])("%s", async (_, name, value) => {
    vi.stubGlobal(name, value);
    const tabs = [new Tab(api), new Tab(api)];
    await pass(3 * SECOND);
    expect(FakeSocket.open()).toHaveLength(2);
    for (const open of FakeSocket.open()) open.subscribe();
    await pass(14 * MINUTE);
    expect(asked(tabs)).toEqual([2, 2]);
    api.ended = DISPLACED;
    socket().tell(SERVER.hint);
    await pass(0);
    expect(tabs.map(({ onEnded }) => onEnded.mock.calls.length)).toContain(1);
  });
});

describe("a tab that is alone", () => {
  test("whose lock comes while it takes it has one connection", async () => {
    const holds: (() => unknown)[] = [];
    const request = (_name: string, _how: object, hold: () => unknown): Promise<unknown> => {
      holds.push(hold);
      return new Promise(() => undefined);
    };
    vi.stubGlobal("navigator", { locks: { request } });
    new Tab(api);
    await pass(3 * SECOND + MINUTE);
    for (const hold of holds) void hold();
    expect([holds.length, FakeSocket.open().length]).toEqual([2, 1]);
  });

  test("whose lock was refused once stays so, whatever it hears, and has one connection", async () => {
    const alone = { request: () => Promise.reject(new DOMException("not active", "InvalidStateError")) };
    vi.stubGlobal("navigator", { locks: alone });
    await connected(api);
    vi.stubGlobal("navigator", { locks });
    const other = await connected(api);
    await pass(MINUTE);
    other.watching.abort();
    await pass(2 * MINUTE);
    expect(FakeSocket.open()).toHaveLength(1);
  });

  test("for want of Web Locks takes no word of others for one that it follows", async () => {
    vi.stubGlobal("navigator", {});
    await connected(api);
    new FakeBroadcastChannel(LOCK).postMessage("of other code");
    await pass(2 * MINUTE);
    expect(FakeSocket.open()).toHaveLength(1);
  });
});

describe("a page", () => {
  test("that was never seen asks nothing and connects nowhere", async () => {
    new Tab(api, {}, false);
    expect(await questions(api, 60 * MINUTE)).toEqual([]);
    expect([tries(), locks.names.size]).toEqual([0, 0]);
  });

  test("is hidden while its first question is under way: it connects when it is seen", async () => {
    api.latencyMs = SECOND;
    const tab = new Tab(api);
    await pass(3.5 * SECOND);
    tab.turn("hidden");
    await pass(MINUTE);
    expect(tries()).toBe(0);
    tab.turn("visible");
    await pass(2 * SECOND);
    expect(FakeSocket.open()).toHaveLength(1);
  });

  test.each(["pagehide", "freeze"])("at %s closes and releases at once", async (type) => {
    const tab = await connected(api);
    happen(type);
    expect(FakeSocket.open()).toEqual([]);
    expect(FakeBroadcastChannel.all.size).toBe(0);
    tab.visibilityState = "hidden";
    expect(await questions(api, 60 * MINUTE)).toEqual([]);
  });

  test("comes back from the browser's cache: it asks at once, then connects", async () => {
    await connected(api);
    happen("pagehide");
    await pass(60 * MINUTE);
    const before = api.askedAt.length;
    happen("pageshow", { persisted: true });
    expect(api.askedAt.length).toBe(before + 1);
    await pass(0);
    expect(FakeSocket.open()).toHaveLength(1);
  });

  test("is shown for the first time: that is no reason to ask", async () => {
    new Tab(api);
    happen("pageshow", { persisted: false });
    expect(await questions(api, 3 * SECOND)).toEqual([3 * SECOND]);
  });

  test("was suspended while it was hidden, timers and all: it connects anew", async () => {
    const tab = await connected(api);
    tab.turn("hidden");
    vi.setSystemTime(Date.now() + 60 * MINUTE);
    tab.turn("visible");
    await pass(0);
    expect(FakeSocket.all.map(({ isOpen }) => isOpen)).toEqual([false, true]);
  });

  test("is seen again after an hour: it asks at once, then connects", async () => {
    const tab = await connected(api);
    tab.turn("hidden");
    await pass(60 * MINUTE);
    expect(FakeSocket.open()).toEqual([]);
    const before = api.askedAt.length;
    tab.turn("visible");
    expect(api.askedAt.length).toBe(before + 1);
    await pass(0);
    expect(FakeSocket.open()).toHaveLength(1);
  });
});
