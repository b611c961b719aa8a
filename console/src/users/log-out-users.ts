import type { LogOutResult } from "../../../src/api/log-out-users.ts";
import type { ApiAnswer } from "../api/call.ts";

export interface LogOutRequest {
  readonly userIds: readonly string[];
  /** Who asks: goes last, for nobody can go on who has been logged out. */
  readonly self: string;
}

/** What became of each user of a request: each is in exactly one list. */
export interface LogOutReport {
  readonly loggedOut: LogOutResult["loggedOut"];
  readonly skipped: LogOutResult["skipped"];
  readonly notDone: readonly string[];
  /** Why there are users in `notDone`. */
  readonly why?:
    | { readonly reason: "stopped" | "time" }
    | { readonly reason: "failure"; readonly failure: Exclude<ApiAnswer<unknown>, { outcome: "ok" }> };
}

interface LogOutMeans {
  readonly send: (userIds: readonly string[]) => Promise<ApiAnswer<LogOutResult>>;
  /** Called with how many users have been dealt with. */
  readonly onProgress: (done: number) => void;
  /** Ends it after the batch under way. */
  readonly signal: AbortSignal;
}

/**
 * Users in a call. The API takes 1,000; fewer show people that something moves, and are done long before the
 * gateway gives up.
 */
const BATCH = 100;
/** Calls in a row that finished nobody. */
const MOST_IDLE_CALLS = 3;

/**
 * Logs users out batch by batch; what a call left unfinished is sent again. Stops at the first call that
 * fails.
 */
export async function logOutUsers(
  { userIds, self }: LogOutRequest,
  { send, onProgress, signal }: LogOutMeans,
): Promise<LogOutReport> {
  const loggedOut: LogOutResult["loggedOut"][number][] = [];
  const skipped: LogOutResult["skipped"][number][] = [];
  let waiting = [...new Set(userIds)].filter((id) => id !== self);
  if (userIds.includes(self)) waiting.push(self);
  let idleCalls = 0;
  const report = (why?: LogOutReport["why"]): LogOutReport => ({
    loggedOut,
    skipped,
    notDone: waiting,
    ...(why !== undefined && { why }),
  });

  while (waiting.length > 0) {
    if (signal.aborted) return report({ reason: "stopped" });
    if (idleCalls === MOST_IDLE_CALLS) return report({ reason: "time" });
    const batch = nextBatch(waiting, self);
    const answer = await send(batch);
    if (answer.outcome !== "ok") return report({ reason: "failure", failure: answer });
    const { unfinished } = answer.value;
    loggedOut.push(...answer.value.loggedOut);
    skipped.push(...answer.value.skipped);
    idleCalls = unfinished.length === batch.length ? idleCalls + 1 : 0;
    waiting = [...unfinished, ...waiting.slice(batch.length)];
    onProgress(loggedOut.length + skipped.length);
  }
  return report();
}

/** The caller is at the end, in a batch alone. */
function nextBatch(waiting: readonly string[], self: string): readonly string[] {
  const batch = waiting.slice(0, BATCH);
  return batch.length > 1 && batch.at(-1) === self ? batch.slice(0, -1) : batch;
}
