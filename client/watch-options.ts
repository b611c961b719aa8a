import type { Send } from "./send.ts";
import { expect as expectOption, senderOf, type Expect } from "./expect.ts";
import { WATCH_URL } from "./routes.ts";
import type { SessionEnded } from "./session-ended.ts";

/** What {@link watchSession} needs of a `document`. `appStatePage` makes one of React Native's `AppState`. */
export interface WatchedPage {
  readonly visibilityState: string;
  addEventListener(type: "visibilitychange", listener: () => void): void;
  removeEventListener(type: "visibilitychange", listener: () => void): void;
}

export interface WatchSessionOptions {
  /** Called once, when the session has ended; nothing is asked afterwards. */
  readonly onEnded: (ended: SessionEnded) => void;
  /** Where to ask; `/session?watch=1` of the page's own origin unless given. */
  readonly url?: string;
  /**
   * Milliseconds from one answer to the next question while no push connection tells of changes, from 1 to a
   * day. Unless given, 3,000 where the deployment has no push, and 60,000 where it has, while the connection
   * is lost. Connected, the page asks every quarter of an hour, whatever this says.
   */
  readonly intervalMs?: number;
  /** Ends the watching; `onEnded` is not called any more. */
  readonly signal?: AbortSignal;
  /** Sends the requests; to add a bearer token, say. */
  readonly fetch?: Send;
  /**
   * Whose visibility counts; the `document` unless given. Where there is none, it always counts as visible.
   */
  readonly page?: WatchedPage;
  /** From 0 up to 1: spreads what many pages do at once after an outage. `Math.random` unless given. */
  readonly random?: () => number;
  /**
   * `false`: makes no connection, and asks every `intervalMs`, as where the deployment has no push.
   * @default true
   */
  readonly push?: boolean;
}

const LONGEST_INTERVAL_MS = 24 * 60 * 60 * 1000;

/** What a platform may have; React Native has neither a document nor a location. */
interface Platform {
  readonly document?: Partial<WatchedPage> & { readonly baseURI?: string };
  readonly location?: { readonly href?: string };
}

/** The options with what stands in for those that are not given; some may stay `undefined`. */
export type CheckedOptions = Required<Omit<WatchSessionOptions, "intervalMs" | "signal" | "page">> & {
  readonly intervalMs: number | undefined;
  readonly signal: AbortSignal | undefined;
  readonly page: WatchedPage | undefined;
};

/** @throws TypeError that names the first option which cannot be right, its value and what is accepted. */
export function checkOptions(options: WatchSessionOptions): CheckedOptions {
  const platform = globalThis as Platform;
  const { onEnded, url = WATCH_URL, intervalMs, signal, random = Math.random, push = true } = options;
  const expect: Expect = (name, value, isRight, accepted) =>
    expectOption("watchSession", name, value, isRight, accepted);
  expect("onEnded", onEnded, typeof onEnded === "function", "a function");
  expect("push", push, typeof push === "boolean", "true or false");
  expect("random", random, typeof random === "function", "a function");
  const isInterval =
    intervalMs === undefined ||
    (typeof intervalMs === "number" && intervalMs >= 1 && intervalMs <= LONGEST_INTERVAL_MS);
  expect("intervalMs", intervalMs, isInterval, `milliseconds, a number from 1 to ${LONGEST_INTERVAL_MS}`);
  expect("signal", signal, signal === undefined || isTarget(signal), "an AbortSignal");
  const { page = isTarget(platform.document) ? (platform.document as WatchedPage) : undefined } = options;
  expect("page", page, page === undefined || isTarget(page), "an object like a document");
  const send = senderOf(options, expect);
  // A caller's own `fetch` may make of the URL what it likes.
  const accepted = "a URL with http or https, absolute where the page's is neither";
  const isUrl = typeof url === "string" && (options.fetch !== undefined || isFetchable(url, platform));
  expect("url", url, isUrl, options.fetch === undefined ? accepted : "text");
  return {
    onEnded,
    url,
    intervalMs,
    signal,
    page,
    random,
    fetch: send,
    push,
  };
}

function isTarget(value: unknown): boolean {
  const { addEventListener } = (value ?? {}) as { addEventListener?: unknown };
  return typeof addEventListener === "function";
}

/** React Native's `URL` checks nothing, so that without a page only the beginning is looked at. */
function isFetchable(url: string, { document, location }: Platform): boolean {
  const base = document?.baseURI ?? location?.href;
  if (base === undefined) return /^https?:\/\/[^/]/i.test(url);
  try {
    return /^https?:$/.test(new URL(url, base).protocol);
  } catch {
    return false;
  }
}
