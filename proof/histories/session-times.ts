import type { Answer, History, Operation, SessionRef } from "./history.ts";

/**
 * What a history's answers prove of when each session was created, seen, expired and dead. Clocks differ from
 * the true time by `skewMs` at most, so a session is live to some functions until `skewMs` after its expiry
 * and expired to others from `skewMs` before it; nothing else is assumed of clocks. A touch moves the idle
 * expiry and may fail in silence, so it is known within bounds.
 */
export interface SessionTimes {
  /** The sessions that logins of the user created, or would have, in the order of those logins. */
  sessionsOf(userId: string): SessionRef[];
  mayExpire(operation: Operation, session: SessionRef): boolean;
  mayBeForgotten(operation: Operation, session: SessionRef): boolean;
  mayBeUnlisted(operation: Operation, session: SessionRef): boolean;
  /** When the first answer had come that proves it ended; infinity: none did. */
  provenDeadAt(session: SessionRef): number;
  isSeenAfter(operation: Operation, session: SessionRef, other: SessionRef): boolean;
  /** The answers that called a session live when its timeouts had passed by every clock (I1). */
  liveAfterExpiry(): Operation[];
}

/**
 * Functions' clocks tell whole milliseconds, and a login gives each of its attempts a millisecond of its own.
 */
export const CLOCK_GRAIN_MS = 20;

/** How long a roster outlives the last of its sessions, by its TTL. */
const ROSTER_GRACE_MS = 60 * 60_000;

interface Born {
  readonly login: Operation;
  readonly idleExpiresAt: number;
  readonly latestIdleExpiry: number;
  readonly expiresAt: number;
  readonly latestExpiry: number;
}

/** A proof that the idle expiry was at least this. */
interface Report {
  readonly operation: Operation;
  readonly idleExpiresAt: number;
}

export function sessionTimes(history: History): SessionTimes {
  const { operations, timeouts } = history;
  const margin = history.skewMs + CLOCK_GRAIN_MS;
  const idle = timeouts.idle === "none" ? timeouts.absolute : timeouts.idle;
  const born = new Map<SessionRef, Born>();
  const reports = new Map<SessionRef, Report[]>();
  /** Calls that may have touched, whatever they answered. */
  const touches = new Map<SessionRef, Operation[]>();
  const dead = new Map<SessionRef, number>();
  const push = <T>(lists: Map<SessionRef, T[]>, session: SessionRef, value: T): void => {
    const list = lists.get(session);
    if (list === undefined) lists.set(session, [value]);
    else list.push(value);
  };
  const died = (session: SessionRef, at: number): void => {
    dead.set(session, Math.min(dead.get(session) ?? Infinity, at));
  };

  for (const operation of operations) {
    const { call, answer, answeredAt, invokedAt, settledAt } = operation;
    if (answer.answer === "loggedIn") {
      const { session, idleExpiresAt, expiresAt } = answer;
      const exact = { latestIdleExpiry: idleExpiresAt, latestExpiry: expiresAt };
      born.set(session, { login: operation, idleExpiresAt, expiresAt, ...exact });
      for (const ended of answer.displaced) died(ended, answeredAt);
    } else if (operation.newSession !== undefined) {
      const [earliest, latest] = [invokedAt - margin, settledAt + margin];
      born.set(operation.newSession, {
        login: operation,
        idleExpiresAt: earliest + Math.min(idle, timeouts.absolute),
        latestIdleExpiry: latest + Math.min(idle, timeouts.absolute),
        expiresAt: earliest + timeouts.absolute,
        latestExpiry: latest + timeouts.absolute,
      });
    }
    if (call.call === "validate") {
      if (answer.answer === "live")
        push(reports, call.session, { operation, idleExpiresAt: answer.idleExpiresAt });
      if (answer.answer === "dead" && answer.reason !== "expired") died(call.session, answeredAt);
      if (call.watch !== true) push(touches, call.session, operation);
    }
    if (call.call === "endOne" && answer.answer === "done") died(call.target, answeredAt);
  }

  const absolute = (session: SessionRef): number => born.get(session)?.expiresAt ?? Infinity;
  /** The least that the idle expiry can be once `at` has come: it never moves back. */
  const least = (session: SessionRef, at: number): number =>
    (reports.get(session) ?? []).reduce(
      (least, { operation, idleExpiresAt }) =>
        operation.answeredAt <= at ? Math.max(least, idleExpiresAt) : least,
      born.get(session)?.idleExpiresAt ?? Infinity,
    );
  /** The most that it can be by the time `at`: a touch whose answer was lost is in nobody's report. */
  const most = (session: SessionRef, at: number, except?: Operation): number => {
    const reported = (reports.get(session) ?? []).flatMap(({ operation, idleExpiresAt }) =>
      operation.invokedAt <= at && operation.id !== except?.id ? [idleExpiresAt] : [],
    );
    const touched = (touches.get(session) ?? []).flatMap((operation) =>
      operation.invokedAt <= at && operation.id !== except?.id ? [touchedBy(operation) + margin + idle] : [],
    );
    const start = born.get(session)?.latestIdleExpiry ?? Infinity;
    return Math.min(born.get(session)?.latestExpiry ?? Infinity, Math.max(start, ...reported, ...touched));
  };

  return {
    sessionsOf: (userId) =>
      [...born]
        .filter(([, { login }]) => login.call.userId === userId)
        .toSorted(([, a], [, b]) => a.login.invokedAt - b.login.invokedAt)
        .map(([session]) => session),
    mayExpire: (operation, session) =>
      Math.min(least(session, operation.invokedAt), absolute(session)) <= operation.settledAt + margin,
    mayBeForgotten: (operation, session) => absolute(session) <= operation.settledAt + margin,
    mayBeUnlisted: (operation, session) =>
      absolute(session) + ROSTER_GRACE_MS <= operation.settledAt + margin,
    provenDeadAt: (session) => dead.get(session) ?? Infinity,
    isSeenAfter(operation, session, other) {
      const last = most(other, operation.settledAt);
      // At its absolute expiry the idle one is cut off, and no longer tells when the session was seen.
      if (last >= absolute(other)) return false;
      return least(session, operation.invokedAt) > last;
    },
    liveAfterExpiry: () => [...reports].flatMap(([session, list]) => expiredReports(session, list)),
  };

  /**
   * Answers that nothing before them makes possible: for each it must be conceivable that a login or an
   * earlier possible answer had moved the expiry past the earliest clock that the function could have.
   * Answers cannot vouch for each other in a circle.
   */
  function expiredReports(session: SessionRef, list: readonly Report[]): Operation[] {
    const start = born.get(session);
    if (start === undefined) return [];
    const unplaced = new Set(list.toSorted((a, b) => a.operation.invokedAt - b.operation.invokedAt));
    const placed: Operation[] = [];
    const unseen = (touches.get(session) ?? []).filter(({ answer }) => isUnseen(answer));
    for (let changed = true; changed;) {
      changed = false;
      for (const report of unplaced) {
        const { operation, idleExpiresAt } = report;
        const clock = operation.invokedAt - margin;
        const before = [...placed, ...unseen].filter((other) => other.invokedAt <= operation.answeredAt);
        const expiry = before.reduce(
          (latest, other) => Math.max(latest, latestExpiryAfter(other)),
          start.latestIdleExpiry,
        );
        if (Math.min(expiry, start.latestExpiry, idleExpiresAt) <= clock) continue;
        unplaced.delete(report);
        placed.push(operation);
        changed = true;
      }
    }
    return [...unplaced].map(({ operation }) => operation);
  }

  function latestExpiryAfter(operation: Operation): number {
    const { call, answer } = operation;
    const reported = answer.answer === "live" ? answer.idleExpiresAt : 0;
    const mayTouch = call.call === "validate" && call.watch !== true;
    return Math.max(reported, mayTouch ? touchedBy(operation) + margin + idle : 0);
  }
}

const isUnseen = ({ answer }: Answer): boolean => answer === "unavailable" || answer === "lost";

/** Until when a call's touch may count, whatever it answered. */
const touchedBy = ({ settledAt, touchSettledAt = settledAt }: Operation): number =>
  Math.max(settledAt, touchSettledAt);
