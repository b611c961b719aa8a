import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { appStatePage } from "../../client/app-state.ts";
import { watchSession, type WatchSessionOptions } from "../../client/watch-session.ts";

/**
 * No stack: what is looked at is which failures of a caller's own code are told apart from an API that does
 * not answer.
 */
const URL_OF_THE_API = "https://api.example.com/session?watch=1";

let watching: AbortController;
let asked: number;
const unhandled: unknown[] = [];
const keep = (reason: unknown): void => void unhandled.push(reason);
let others: NodeJS.UnhandledRejectionListener[];
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  watching = new AbortController();
  asked = 0;
  unhandled.length = 0;
  others = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection").on("unhandledRejection", keep);
});
afterEach(() => {
  watching.abort();
  process.removeAllListeners("unhandledRejection");
  for (const listener of others) process.on("unhandledRejection", listener);
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

function watch(fetch: () => unknown, more: Partial<WatchSessionOptions> = {}): void {
  watchSession({
    onEnded: () => undefined,
    url: URL_OF_THE_API,
    intervalMs: 1000,
    signal: watching.signal,
    random: () => 0,
    fetch: () => {
      asked++;
      return fetch() as Promise<Response>;
    },
    ...more,
  });
}

/**
 * Lets the watch's timers and promises, and then Node's report of an unhandled rejection, have their turns.
 */
async function pass(milliseconds: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(milliseconds);
  await new Promise((resolve) => setImmediate(resolve));
}

const A_WHILE_MS = 10 * 60_000;
const json = (status: number, body: object): Response => Response.json(body, { status });
const ENDED = { code: "session_revoked" };

describe("a mistake in code ends the watching and is an unhandled rejection", () => {
  test.each([
    ["V8: a missing function", "AbortSignal.any is not a function"],
    ["V8: a member of undefined", "Cannot read properties of undefined (reading 'token')"],
    ["V8: a missing class", "globalThis.Headers is not a constructor"],
    ["V8: undefined as an object", "Cannot convert undefined or null to object"],
    ["JavaScriptCore: a member of undefined", "undefined is not an object (evaluating 'a.token')"],
    ["JavaScriptCore: a missing function", "AbortSignal.any is not a function. (In 'AbortSignal.any([])')"],
    ["SpiderMonkey: a member of undefined", 'can\'t access property "token", session is undefined'],
    ["SpiderMonkey: null", "session is null"],
    ["Hermes: a member of undefined", "Cannot read property 'token' of undefined"],
    ["Hermes: a missing function", "undefined is not a function"],
    ["Chrome: a URL that is none", "Failed to execute 'fetch' on 'Window': Failed to parse URL from http://"],
    ["Firefox: a URL that is none", "Window.fetch: http:// is not a valid URL."],
    ["Safari: a URL that is none", "URL is not valid or contains user credentials."],
    ["Node: a URL that is none", "Failed to parse URL from /session"],
    ["Node: a header that is none", 'Headers.append: "a\\nb" is an invalid header value.'],
  ])("%s", async (_, message) => {
    watch(() => Promise.reject(new TypeError(message)));
    await pass(A_WHILE_MS);
    expect([asked, unhandled]).toEqual([1, [new TypeError(message)]]);
  });

  test.each([
    [
      "a fetch that throws outright",
      () => {
        throw new Error("no token yet");
      },
      "no token yet",
    ],
    ["a name that does not exist", () => Promise.reject(new ReferenceError("tokn is not defined")), "tokn"],
    ["a fetch that answers nothing", () => Promise.resolve(), "accepted is a Response"],
    [
      "a fetch that answers another library's object",
      () => Promise.resolve({ status: 401, data: ENDED }),
      "accepted is a Response",
    ],
    ["a Response that nobody can read", () => Promise.resolve(Response.error()), "that can be read"],
    [
      "a body that was read already",
      async () => {
        const answer = json(401, ENDED);
        await answer.text();
        return answer;
      },
      "Body",
    ],
  ])("%s", async (_, fetch, message) => {
    watch(fetch);
    await pass(A_WHILE_MS);
    expect([asked, unhandled]).toMatchObject([1, [{ message: expect.stringContaining(message) as string }]]);
  });

  test("an exception of onEnded", async () => {
    const onEnded = vi.fn(() => {
      throw new Error("no such element");
    });
    watch(() => Promise.resolve(json(401, ENDED)), { onEnded });
    await pass(A_WHILE_MS);
    expect(onEnded).toHaveBeenCalledTimes(1);
    expect([asked, unhandled]).toEqual([1, [new Error("no such element")]]);
  });

  test("a platform that lacks something", async () => {
    watch(() => Promise.resolve(json(200, {})));
    vi.stubGlobal("AbortController", undefined);
    await pass(A_WHILE_MS);
    expect([asked, unhandled.map(String)]).toEqual([0, ["TypeError: AbortController is not a constructor"]]);
  });
});

describe("an outage is asked about again, and is nothing else", () => {
  const failed = (message: string, name = "TypeError") =>
    Object.assign(name === "TypeError" ? new TypeError(message) : new Error(message), { name });
  test.each([
    ["Chrome", failed("Failed to fetch")],
    ["Firefox", failed("NetworkError when attempting to fetch resource.")],
    ["Safari", failed("Load failed")],
    ["Safari, a certificate", failed("The certificate for this server is invalid.")],
    ["Safari in another language", failed("Die Internetverbindung scheint offline zu sein.")],
    ["React Native", failed("Network request failed")],
    ["Node", failed("fetch failed")],
    ["Node, a body that breaks off", failed("terminated")],
    ["a request that was given up", failed("The operation was aborted.", "AbortError")],
    ["a library's own error", failed("timeout of 5000ms exceeded", "AxiosError")],
    ["a token service that answers a page", failed("Unexpected token '<'", "SyntaxError")],
  ])("%s", async (_, error) => {
    const onEnded = vi.fn();
    watch(() => (asked < 3 ? Promise.reject(error) : Promise.resolve(json(401, ENDED))), { onEnded });
    await pass(A_WHILE_MS);
    expect([asked, unhandled]).toEqual([3, []]);
    expect(onEnded).toHaveBeenCalledWith(ENDED);
  });

  test("a fetch that never answers, and does not pass the signal on", async () => {
    const onEnded = vi.fn();
    watch(() => (asked < 3 ? new Promise(() => undefined) : Promise.resolve(json(401, ENDED))), { onEnded });
    await pass(A_WHILE_MS);
    expect([asked, unhandled]).toEqual([3, []]);
    expect(onEnded).toHaveBeenCalledWith(ENDED);
  });

  test("a body that never comes", async () => {
    const onEnded = vi.fn();
    const stuck = () => new Response(new ReadableStream(), { status: 401 });
    watch(() => Promise.resolve(asked < 3 ? stuck() : json(401, ENDED)), { onEnded });
    await pass(A_WHILE_MS);
    expect([asked, unhandled]).toEqual([3, []]);
    expect(onEnded).toHaveBeenCalledWith(ENDED);
  });
});

describe("an option that cannot be right throws, and names the option, its value and what is accepted", () => {
  test.each<[string, object]>([
    ["onEnded is undefined; accepted is a function", { onEnded: undefined }],
    ["intervalMs is 0; accepted is milliseconds, a number from 1 to", { intervalMs: 0 }],
    ["intervalMs is NaN", { intervalMs: Number.NaN }],
    ["intervalMs is Infinity", { intervalMs: Number.POSITIVE_INFINITY }],
    ['intervalMs is "3s"', { intervalMs: "3s" }],
    ["signal is [object Object]; accepted is an AbortSignal", { signal: {} }],
    ["page is null; accepted is an object like a document", { page: null }],
    ["random is 1; accepted is a function", { random: 1 }],
    ["fetch is null; accepted is a function", { fetch: null }],
    ["url is 5; accepted is text", { url: 5 }],
    ['url is "/session"; accepted is a URL with http or https', { url: "/session", fetch: undefined }],
    ['url is "http://"; accepted is a URL', { url: "http://", fetch: undefined }],
    ['url is "capacitor://localhost/session"', { url: "capacitor://localhost/session", fetch: undefined }],
  ])("%s", (message, wrong) => {
    expect(() => watch(() => undefined, wrong)).toThrow(`watchSession: ${message}`);
  });

  test("a path at an app's page, whose scheme the API does not have", () => {
    vi.stubGlobal("location", { href: "capacitor://localhost/index.html" });
    expect(() => watchSession({ onEnded: () => undefined })).toThrow(
      'url is "/session?watch=1"; accepted is',
    );
  });
});

describe("React Native's AppState as the page", () => {
  test("nothing is asked in the background, and at once in front; at the end it is left alone", async () => {
    const listeners = new Set<() => void>();
    const appState = {
      currentState: "active",
      addEventListener(_: "change", listener: () => void) {
        listeners.add(listener);
        return { remove: () => listeners.delete(listener) };
      },
    };
    function turn(to: "active" | "inactive" | "background"): void {
      appState.currentState = to;
      for (const listener of listeners) listener();
    }
    watch(() => Promise.resolve(json(200, {})), { page: appStatePage(appState) });
    turn("background");
    await pass(A_WHILE_MS);
    expect(asked).toBe(0);
    turn("active");
    expect(asked).toBe(1);
    watching.abort();
    expect(listeners.size).toBe(0);
  });
});
