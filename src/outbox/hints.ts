import type { OutboxDependencies } from "./dependencies.ts";
import type { Reading } from "./stream-record.ts";

const ALL_HINTS_MS = 1000;
/** Nobody waits for a hint for so long: the page has asked by itself. */
const LATEST_MS = 60_000;

/**
 * Hints to the pages of sessions that have just ended, all at once and for a second at most. They fail no
 * batch: a page that gets none asks later.
 * @returns how many could not be sent.
 */
export async function sendHints(
  { publishHint, clock, onProblem }: Pick<OutboxDependencies, "publishHint" | "clock" | "onProblem">,
  readings: readonly Reading[],
): Promise<number> {
  if (publishHint === undefined) return 0;
  const now = clock();
  const hints = readings.flatMap((reading) => {
    if (reading.reading !== "removed" || reading.byTtl || now - reading.at > LATEST_MS) return [];
    const { id, channel } = reading.session;
    return channel === undefined ? [] : [{ id, channel }];
  });
  if (hints.length === 0) return 0;
  const signal = AbortSignal.timeout(ALL_HINTS_MS);
  const failures = await Promise.all(
    hints.map(async ({ id, channel }) => {
      try {
        await untilAborted(publishHint(channel, signal), signal);
        return 0;
      } catch (error) {
        const code = error instanceof Error ? error.name : "Error";
        onProblem({ problem: "hint-failed", sessionId: id, code, error });
        return 1;
      }
    }),
  );
  return failures.reduce<number>((sum, failed) => sum + failed, 0);
}

/** Whatever does not heed the signal is not waited for. */
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason as Error);
    signal.addEventListener("abort", stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
