import { isMistake } from "./mistake.ts";
import { toSessionEnded, type SessionEnded } from "./session-ended.ts";

/** What one question came to. */
export type Answer =
  | { readonly outcome: "live"; readonly body: LiveBody }
  | { readonly outcome: "ended"; readonly ended: SessionEnded }
  /**
   * Nothing is known of the session. `complaint`: the answer looks like another server's, or another call's.
   */
  | { readonly outcome: "unsure"; readonly retryAfterMs: number; readonly complaint?: string };

/** What is looked at of the body for a live session. It may be anything. */
export interface LiveBody {
  readonly session?: unknown;
  readonly live?: unknown;
}

export type Send = (url: string, init: RequestInit) => Promise<Response>;

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
  if (typeof ok !== "boolean" || typeof status !== "number") {
    throw new TypeError("watchSession: fetch answered something else; accepted is a Response.");
  }
  if (status === 0) {
    const accepted = "neither mode: no-cors nor redirect: manual";
    throw new TypeError(
      `watchSession: fetch answered a Response that nobody can read; accepted is ${accepted}.`,
    );
  }
  return response as Response;
}

async function read(response: Response, url: string, givenUp: Promise<undefined>): Promise<Answer> {
  const { ok, status, headers } = response;
  const type = headers.get("content-type") ?? "";
  const complaint = `watchSession: ${url} answered ${status} ${type}, which is not a response of GET /session.`;
  // A page instead of an answer: a wrong path at a host that serves its page for every path.
  if (ok && /^text\/html/i.test(type)) return { outcome: "unsure", retryAfterMs: 0, complaint };
  if (ok) return { outcome: "live", body: await bodyOf(response, givenUp) };
  if (status === 401) {
    const ended = toSessionEnded(await Promise.race([unlessOutage(response.json()), givenUp]));
    if (ended !== undefined) return { outcome: "ended", ended };
  }
  const seconds = Number(headers.get("retry-after") ?? 0);
  const isBusy = status >= 500 || [408, 425, 429].includes(status);
  return {
    outcome: "unsure",
    retryAfterMs: Math.min((seconds || 0) * 1000, LONGEST_WAIT_MS),
    ...(!isBusy && { complaint }),
  };
}

/** The session is live whatever its body is: one that cannot be read says nothing. */
async function bodyOf(response: Response, givenUp: Promise<undefined>): Promise<LiveBody> {
  try {
    return Object(await Promise.race([response.json(), givenUp])) as LiveBody;
  } catch {
    return {};
  }
}
