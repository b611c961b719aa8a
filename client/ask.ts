import { expect } from "./expect.ts";
import { isMistake } from "./mistake.ts";
import type { Send } from "./send.ts";
import { toSessionEnded, type SessionEnded } from "./session-ended.ts";
import { isBusy, stranger, typeOf } from "./stranger.ts";

/** What one question came to. */
export type Answer =
  | { readonly outcome: "live"; readonly body: ReadBody }
  | { readonly outcome: "ended"; readonly ended: SessionEnded }
  /**
   * Nothing is known of the session. `complaint`: what the API says against the question, or that the answer
   * is another server's, or another call's.
   */
  | { readonly outcome: "unsure"; readonly retryAfterMs: number; readonly complaint?: string | undefined };

/** What is looked at of a body. It may be anything. */
interface ReadBody {
  readonly session?: unknown;
  readonly live?: unknown;
  readonly code?: unknown;
  readonly detail?: string;
}

export const LONGEST_WAIT_MS = 60_000;
const REQUEST_TIMEOUT_MS = 10_000;
const NO_ANSWER: Answer = { outcome: "unsure", retryAfterMs: 0 };

/**
 * Asks once. A network failure is an answer ("unsure"); a mistake in code rejects, and so does an answer that
 * is no `Response`.
 *
 * The time limit is a timer and a race: `AbortSignal.timeout` and `AbortSignal.any` are newer than the oldest
 * supported browsers, and a `fetch` of the caller's may not pass the signal on.
 */
export async function ask(send: Send, url: string, signal: AbortSignal | undefined): Promise<Answer> {
  const request = new AbortController();
  let giveUp = (): void => undefined;
  const givenUp = new Promise<undefined>((resolve) => {
    giveUp = () => {
      request.abort();
      resolve(undefined);
    };
  });
  const timer = setTimeout(giveUp, REQUEST_TIMEOUT_MS);
  signal?.addEventListener("abort", giveUp);
  try {
    // Not in the `try` of `unlessOutage`: a `fetch` never throws outright, so what is thrown here is a
    // mistake.
    const sent = send(url, { cache: "no-store", signal: request.signal });
    const response = await Promise.race([unlessOutage(sent), givenUp]);
    if (response === "outage" || (response === undefined && request.signal.aborted)) return NO_ANSWER;
    return await read(checked(response), url, givenUp);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", giveUp);
  }
}

async function unlessOutage<T>(promise: Promise<T>): Promise<T | "outage"> {
  try {
    return await promise;
  } catch (error) {
    if (isMistake(error)) throw error;
    return "outage";
  }
}

/** @throws TypeError for what a caller's `fetch` must not answer. */
function checked(response: unknown): Response {
  const { ok, status } = (response ?? {}) as Partial<Response>;
  // 0 with `mode: "no-cors"` and `redirect: "manual"`.
  const isResponse = typeof ok === "boolean" && typeof status === "number" && status > 0;
  expect("watchSession", "fetch's answer", response, isResponse, "a Response that can be read");
  return response as Response;
}

async function read(response: Response, url: string, givenUp: Promise<undefined>): Promise<Answer> {
  const { ok, status, headers } = response;
  const type = typeOf(response);
  const reading = Promise.race([unlessOutage(response.json()), givenUp]);
  const found: unknown = await (ok ? reading.catch(() => 0) : reading);
  const body = Object(found) as ReadBody;
  // A session is live also where its body cannot be read; a page is another server's.
  const isUnread = typeof found !== "object" && !/html/i.test(type);
  if (ok && (isUnread || body.session)) return { outcome: "live", body };
  const ended = status === 401 ? toSessionEnded(body) : undefined;
  if (ended) return { outcome: "ended", ended };
  const { code, detail = "" } = body;
  const what = typeof code === "string" ? `${code}. ${detail}` : stranger(type, "GET /session");
  return {
    outcome: "unsure",
    retryAfterMs: Math.min((Number(headers.get("retry-after")) || 0) * 1000, LONGEST_WAIT_MS),
    complaint: isBusy(status) ? undefined : `watchSession: ${url} answered ${status} ${what}`,
  };
}
