import type { SessionView } from "../src/api/parts/shapes.ts";
import { ask, LONGEST_WAIT_MS } from "./ask.ts";
import { createAsker } from "./asker.ts";
import { isShown, onTurns } from "./page-turns.ts";
import { toLive, type Live } from "./push/live.ts";
import { createPush } from "./push/push.ts";
import { toSessionEnded, type SessionEnded } from "./session-ended.ts";
import { warnOnce } from "./stranger.ts";
import { checkOptions, type WatchSessionOptions } from "./watch-options.ts";

export { toSessionEnded, type SessionEnded, type SessionEndedCode } from "./session-ended.ts";
export type { WatchedPage, WatchSessionOptions } from "./watch-options.ts";

/**
 * Watches the session of a page, and says when and why it ended. It asks only while the page is visible, and
 * at once when it becomes so; with `watch=1`, asking does not put off the idle timeout. Only a 401 of
 * the API is an ending: an answer that cannot be had, 429 and 5xx say nothing of the session, and are asked
 * again ever more slowly (at most every minute, or after the `Retry-After`).
 *
 * Where the deployment has push, the page connects after its first answer and is told within a second that
 * there is something to ask; then it asks by itself every quarter of an hour, and when a timeout is due. The
 * tabs of a browser share one connection. While it is lost, the page asks every minute.
 *
 * Runs in Safari 15.4, Chrome 100, Firefox 100 and whatever is newer, in the WebViews of that age, and in
 * React Native.
 *
 * A mistake in code is never taken for an outage. An option that cannot be right throws; what is found wrong
 * later (an exception of `onEnded` or of `fetch`, a platform that lacks something) ends the watching and is
 * an unhandled rejection, which error trackers report. An answer that cannot be of `GET /session`, or by
 * which the API refuses the question, such as `invalid_access_token`, is asked again; the second in a row is
 * a warning in the console, once for each.
 * @throws TypeError that names the option, its value and what is accepted.
 */
export function watchSession(options: WatchSessionOptions): void {
  const { onEnded, url, intervalMs, signal, page, random, fetch, push: isPushWanted } = checkOptions(options);
  const unconnectedMs = intervalMs ?? DEFAULT_INTERVAL_MS;
  let isStopped = false;
  let failures = 0;
  let live: Live | undefined;
  let dueAt = 0;

  async function look(): Promise<number | undefined> {
    const answer = await ask(fetch, url, signal);
    if (isStopped) return undefined;
    if (answer.outcome === "ended") {
      push.tell(answer.ended);
      end(answer.ended);
    } else if (answer.outcome === "unsure") {
      failures++;
      // The first in a row may be a token that has just expired, or a deployment under way.
      if (failures > 1) warnOnce(answer.complaint);
      if (isShown(page)) return Math.max(answer.retryAfterMs, backoffMs());
    } else {
      failures = 0;
      live = isPushWanted ? toLive(answer.body.live) : undefined;
      dueAt = dueTime(answer.body.session);
      if (isShown(page)) push.follow(live);
    }
    return undefined;
  }
  function usualWait(): number | undefined {
    if (isStopped || !isShown(page) || push.isFollowing()) return undefined;
    // Only the first answer says whether there is push.
    if (dueAt === 0) return Math.min(unconnectedMs, DEFAULT_INTERVAL_MS);
    if (live === undefined) return unconnectedMs;
    const untilDue = dueAt - Date.now();
    const usual = push.isConnected()
      ? CONNECTED_INTERVAL_MS * (0.9 + random() / 5)
      : (intervalMs ?? LONGEST_WAIT_MS * (1 - random() / 10));
    // A timeout that has passed by this clock and not by the API's: they differ.
    return Math.min(usual, untilDue > 0 ? untilDue : LONGEST_WAIT_MS);
  }
  /**
   * Doubles with each failure; between half of it and all of it, so that pages which failed together do not
   * come back together.
   */
  function backoffMs(): number {
    return Math.min(unconnectedMs * 2 ** failures, LONGEST_WAIT_MS) * (0.5 + random() / 2);
  }
  function end(ended: SessionEnded | undefined): void {
    if (ended === undefined) return;
    stop();
    onEnded(ended);
  }
  function stop(): void {
    isStopped = true;
    asker.stop();
    push.leave();
    deafen();
    signal?.removeEventListener("abort", stop);
  }

  if (signal?.aborted === true) return;
  const asker = createAsker(
    () =>
      look().catch((mistake: unknown) => {
        stop();
        throw mistake;
      }),
    usualWait,
  );
  const push = createPush({
    random,
    ask: asker.soon,
    change: asker.plan,
    hear(message) {
      const ended = toSessionEnded(message);
      // The other tab may have lost its token, and this one not.
      if (ended?.code === "no_session") asker.soon();
      else end(ended);
    },
  });
  const deafen = onTurns(page, ({ isShown, isAnew }) => {
    asker.pause();
    if (isAnew) push.leave();
    if (isShown) push.show();
    else push.hide();
    if (isShown) asker.now();
  });
  signal?.addEventListener("abort", stop);
  asker.plan();
}

/** Milliseconds. */
const DEFAULT_INTERVAL_MS = 3000;
const CONNECTED_INTERVAL_MS = 15 * 60_000;
/** Asked at the very moment, the API could still say that the session is live. */
const DUE_MARGIN_MS = 1000;

/** Epoch milliseconds by which a timeout of the session has passed. */
function dueTime(session: unknown): number {
  const { idleExpiresAt, expiresAt } = Object(session) as SessionView;
  return Math.min(Date.parse(idleExpiresAt), Date.parse(expiresAt)) + DUE_MARGIN_MS;
}
