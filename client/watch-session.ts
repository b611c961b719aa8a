import { ask, LONGEST_WAIT_MS } from "./ask.ts";
import { checkOptions, type WatchedPage, type WatchSessionOptions } from "./watch-options.ts";

export { toSessionEnded, type SessionEnded, type SessionEndedCode } from "./session-ended.ts";
export type { WatchedPage, WatchSessionOptions } from "./watch-options.ts";

/**
 * Watches the session of a page, and says when and why it ended. It asks only while the page is visible, and
 * at once when it becomes so; with `watch=1` asking keeps nobody's idle timeout from passing. Only a 401 of
 * the API is an ending: an answer that cannot be had, 429 and 5xx say nothing of the session, and are asked
 * again ever more slowly (at most every minute, or after the `Retry-After`).
 *
 * Runs in Safari 15.4, Chrome 100, Firefox 100 and whatever is newer, in the WebViews of that age, and in
 * React Native.
 *
 * A mistake in code is never taken for an outage. An option that cannot be right throws; what is found wrong
 * later (an exception of `onEnded` or of `fetch`, a platform that lacks something) ends the watching and is
 * an unhandled rejection, which error trackers report. An answer that cannot be of `GET /session` is a
 * warning in the console, once, and is asked again.
 * @throws TypeError that names the option, its value and what is accepted.
 */
export function watchSession(options: WatchSessionOptions): void {
  const { onEnded, url, intervalMs, signal, page, random, fetch } = checkOptions(options);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isAsking = false;
  let isStopped = false;
  let failures = 0;
  let complaint: string | undefined;

  function stop(): void {
    isStopped = true;
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
    try {
      await askOnce();
    } catch (mistake) {
      stop();
      throw mistake;
    } finally {
      isAsking = false;
    }
  }
  async function askOnce(): Promise<void> {
    const answer = await ask(fetch, url, signal);
    if (isStopped) return;
    if (answer.outcome === "ended") {
      stop();
      onEnded(answer.ended);
      return;
    }
    failures = answer.outcome === "unsure" ? failures + 1 : 0;
    if (answer.outcome === "unsure") complainOnce(answer.complaint);
    if (!isVisible(page)) return;
    const wait =
      answer.outcome === "live"
        ? intervalMs
        : Math.max(answer.retryAfterMs, backoff(failures, intervalMs, random()));
    timer = setTimeout(() => void look(), wait);
  }
  function complainOnce(text: string | undefined): void {
    if (text === undefined || complaint !== undefined) return;
    complaint = text;
    // eslint-disable-next-line no-console -- A wrong address would otherwise look like an outage for ever.
    console.warn(text);
  }

  if (signal?.aborted === true) return;
  signal?.addEventListener("abort", stop);
  page?.addEventListener("visibilitychange", onVisibilityChange);
  if (isVisible(page)) timer = setTimeout(() => void look(), intervalMs);
}

const isVisible = (page: WatchedPage | undefined): boolean => page?.visibilityState !== "hidden";

/**
 * Doubles with each failure; between half of it and all of it, so that pages which failed together do not
 * come back together.
 */
function backoff(failures: number, intervalMs: number, random: number): number {
  return Math.min(intervalMs * 2 ** failures, LONGEST_WAIT_MS) * (0.5 + random / 2);
}
