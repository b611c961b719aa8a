/** Why a session is not live any more: the codes of a 401 of `GET /session`. */
export type SessionEndedCode =
  | "no_session"
  | "session_expired"
  | "session_displaced"
  | "session_logged_out"
  | "session_revoked"
  | "session_unknown";

/** How a session ended, as far as the API tells. */
export interface SessionEnded {
  readonly code: SessionEndedCode;
  /** ISO 8601. */
  readonly endedAt?: string;
  /** The label of the device whose sign-in displaced the session, or that it was an administrator. */
  readonly by?: { readonly device: string } | { readonly administrator: true };
}

/** What {@link watchSession} needs of a `document`. */
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
  /** Milliseconds from one answer to the next question; 3,000 unless given. */
  readonly intervalMs?: number;
  /** Ends the watching; `onEnded` is not called any more. */
  readonly signal?: AbortSignal;
  /** Sends the requests; to add a bearer token, say. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /** Whose visibility counts; the `document` unless given. Where there is none, it always counts as visible. */
  readonly page?: WatchedPage;
  /** From 0 up to 1: spreads the retries of many pages after an outage. `Math.random` unless given. */
  readonly random?: () => number;
}

const DEFAULT_URL = "/session?watch=1";
const DEFAULT_INTERVAL_MS = 3000;
const LONGEST_WAIT_MS = 60_000;
const REQUEST_TIMEOUT_MS = 10_000;

/**
 * Watches the session of a page, and says when and why it ended. It asks only while the page is visible, and at once when it
 * becomes so; with `watch=1` asking keeps nobody's idle timeout from passing. Only a 401 of the API is an ending: an answer
 * that cannot be had, 429 and 5xx say nothing of the session, and are asked again ever more slowly (at most every minute, or
 * after the `Retry-After`).
 */
export function watchSession(options: WatchSessionOptions): void {
  const { onEnded, signal, intervalMs = DEFAULT_INTERVAL_MS, random = Math.random } = options;
  const page = options.page ?? (globalThis as { readonly document?: WatchedPage }).document;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isAsking = false;
  let failures = 0;

  function stop(): void {
    clearTimeout(timer);
    page?.removeEventListener("visibilitychange", onVisibilityChange);
    signal?.removeEventListener("abort", stop);
  }
  function onVisibilityChange(): void {
    clearTimeout(timer);
    if (!isAsking && isVisible(page)) void look();
  }
  async function look(): Promise<void> {
    isAsking = true;
    const answer = await ask(options);
    isAsking = false;
    if (signal?.aborted === true) return;
    if (answer.outcome === "ended") {
      stop();
      onEnded(answer.ended);
      return;
    }
    failures = answer.outcome === "unsure" ? failures + 1 : 0;
    if (!isVisible(page)) return;
    const wait =
      answer.outcome === "live"
        ? intervalMs
        : Math.max(answer.retryAfterMs, backoff(failures, intervalMs, random()));
    timer = setTimeout(() => void look(), wait);
  }

  if (signal?.aborted === true) return;
  signal?.addEventListener("abort", stop);
  page?.addEventListener("visibilitychange", onVisibilityChange);
  if (isVisible(page)) timer = setTimeout(() => void look(), intervalMs);
}

type Answer =
  | { readonly outcome: "live" }
  | { readonly outcome: "ended"; readonly ended: SessionEnded }
  | { readonly outcome: "unsure"; readonly retryAfterMs: number };

async function ask(options: WatchSessionOptions): Promise<Answer> {
  const { url = DEFAULT_URL, signal } = options;
  const send = options.fetch ?? ((to: string, init: RequestInit) => globalThis.fetch(to, init));
  const timeout = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
  try {
    const response = await send(url, {
      cache: "no-store",
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
    if (response.ok) return { outcome: "live" };
    const ended = response.status === 401 ? toSessionEnded(await response.json()) : undefined;
    if (ended !== undefined) return { outcome: "ended", ended };
    const seconds = Number(response.headers.get("retry-after") ?? 0);
    return { outcome: "unsure", retryAfterMs: Math.min((seconds || 0) * 1000, LONGEST_WAIT_MS) };
  } catch {
    return { outcome: "unsure", retryAfterMs: 0 };
  }
}

const CODES: Readonly<Record<SessionEndedCode, true>> = {
  no_session: true,
  session_expired: true,
  session_displaced: true,
  session_logged_out: true,
  session_revoked: true,
  session_unknown: true,
};

/** The ending in the body of a 401, or `undefined` where it is another's: a proxy's, say, which knows nothing of sessions. */
export function toSessionEnded(body: unknown): SessionEnded | undefined {
  if (typeof body !== "object" || body === null) return undefined;
  const { code, endedAt, by } = body as { code?: unknown; endedAt?: unknown; by?: unknown };
  if (typeof code !== "string" || !Object.hasOwn(CODES, code)) return undefined;
  const who = toWho(by);
  return {
    code: code as SessionEndedCode,
    ...(typeof endedAt === "string" && { endedAt }),
    ...(who !== undefined && { by: who }),
  };
}

function toWho(by: unknown): SessionEnded["by"] {
  if (typeof by !== "object" || by === null) return undefined;
  if ("device" in by && typeof by.device === "string") return { device: by.device };
  return "administrator" in by && by.administrator === true ? { administrator: true } : undefined;
}

const isVisible = (page: WatchedPage | undefined): boolean => page?.visibilityState !== "hidden";

/** Doubles with each failure; between half of it and all of it, so that pages which failed together do not come back together. */
function backoff(failures: number, intervalMs: number, random: number): number {
  return Math.min(intervalMs * 2 ** failures, LONGEST_WAIT_MS) * (0.5 + random / 2);
}
