import { NO_COUNTS, type JobCounts } from "./job.ts";

/**
 * What came of each user of a step, a byte a user in the order of the list: the number of sessions that
 * ended, which a user has at most 30 of; 0 is a user without any, and {@link SKIPPED} an administrator.
 * However long the ids are, a step's result is 1,000 bytes.
 */
export type Outcomes = Uint8Array;

const SKIPPED = 255;
const MOST_SESSIONS = SKIPPED - 1;

/** What an administrators' logout, or a dry run of it, answered of a step's users. */
export interface Answered {
  readonly loggedOut: readonly { readonly userId: string; readonly sessionCount: number }[];
  readonly skipped: readonly { readonly userId: string }[];
}

/** Outcomes as an answer has them. Users that it does not name count as without sessions. */
export function outcomesOf(userIds: readonly string[], { loggedOut, skipped }: Answered): Outcomes {
  const sessions = new Map(loggedOut.map(({ userId, sessionCount }) => [userId, sessionCount]));
  const isSkipped = new Set(skipped.map(({ userId }) => userId));
  return Uint8Array.from(userIds, (userId) =>
    isSkipped.has(userId) ? SKIPPED : Math.min(sessions.get(userId) ?? 0, MOST_SESSIONS),
  );
}

/**
 * The outcomes of a step, by what was seen before it was begun, and what carrying it out answered. Of a step
 * that was broken off and is carried out again, the second answer does not have what the first one ended:
 * what was seen before either of them has it.
 */
export function mergeOutcomes(seen: Outcomes, ended: Outcomes): Outcomes {
  return Uint8Array.from(ended, (outcome, index) => {
    const before = seen[index] ?? 0;
    if (outcome === SKIPPED || before === SKIPPED) return outcome;
    return Math.max(before, outcome);
  });
}

/** What a step adds to its job. */
export function countOutcomes(outcomes: Outcomes): JobCounts {
  const counts = { ...NO_COUNTS, stepsDone: 1, usersDone: outcomes.length };
  for (const outcome of outcomes) {
    if (outcome === SKIPPED) counts.skipped += 1;
    else if (outcome === 0) counts.unknown += 1;
    else {
      counts.loggedOut += 1;
      counts.sessionCount += outcome;
    }
  }
  return counts;
}

/** What came of one user. */
export type UserOutcome =
  | { readonly outcome: "logged-out"; readonly sessionCount: number }
  | { readonly outcome: "skipped" | "unknown" };

/** The same in words. */
export function readOutcome(byte: number): UserOutcome {
  if (byte === SKIPPED) return { outcome: "skipped" };
  return byte === 0 ? { outcome: "unknown" } : { outcome: "logged-out", sessionCount: byte };
}
