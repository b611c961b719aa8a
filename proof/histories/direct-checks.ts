import type { History, Operation, SessionRef } from "./history.ts";
import type { SessionTimes } from "./session-times.ts";

/** Something that no order of the operations can explain, seen without trying any. */
export interface Finding {
  readonly invariant: string;
  /** A sentence; sessions by their ids. */
  readonly what: string;
  /** The operations that show it, in the order of their invocations. */
  readonly operations: readonly Operation[];
}

/**
 * What needs no search: an answer that no call may give, a session alive after its end or after its timeouts,
 * more at once than the limit, a roster that misses a live session. Each is a consequence of the sequential
 * model, but one that a person can check by eye.
 */
export function directFindings(history: History, times: SessionTimes): Finding[] {
  const { operations } = history;
  const lives = operations.filter(({ call, answer }) => call.call === "validate" && answer.answer === "live");
  const logins = new Map(
    operations.flatMap((operation) =>
      operation.answer.answer === "loggedIn" ? [[operation.answer.session, operation] as const] : [],
    ),
  );
  const findings = [
    ...operations.flatMap(faultOf),
    ...times.liveAfterExpiry().map((operation) => ({
      invariant: "I1",
      what: `session ${sessionOf(operation)} was called live when its timeouts had passed by every clock`,
      operations: [operation],
    })),
    ...operations.flatMap((operation) => revived(operation, lives, logins)),
    ...history.users.flatMap((userId) => tooManyAtOnce(userId, operations, lives, logins)),
    ...missedByRoster(history, lives),
  ];
  return findings.map((finding) => ({
    ...finding,
    operations: finding.operations.toSorted((a, b) => a.invokedAt - b.invokedAt),
  }));
}

const sessionOf = ({ call }: Operation): SessionRef => ("session" in call ? call.session : "");

function faultOf(operation: Operation): Finding[] {
  const { answer } = operation;
  if (answer.answer !== "fault") return [];
  const what = `a call was answered ${answer.status} ${answer.code}, which is neither a refusal nor 503`;
  return [{ invariant: "I6", what, operations: [operation] }];
}

/** Sessions that were called live after the answer of what ended them. */
function revived(
  end: Operation,
  lives: readonly Operation[],
  logins: ReadonlyMap<SessionRef, Operation>,
): Finding[] {
  const { call, answer } = end;
  const later = lives.filter(({ invokedAt }) => invokedAt > end.answeredAt);
  if (later.length === 0) return [];
  const finding = (invariant: string, live: Operation, how: string): Finding => {
    const login = logins.get(sessionOf(live));
    return {
      invariant,
      what: `session ${sessionOf(live)} was called live after ${how}`,
      operations: [...(login === undefined ? [] : [login]), end, live],
    };
  };
  if (answer.answer === "loggedIn") {
    return later
      .filter((live) => answer.displaced.includes(sessionOf(live)))
      .map((live) => finding("I4", live, "a login had answered that it displaced it"));
  }
  if (call.call === "validate" && answer.answer === "dead" && answer.reason !== "expired") {
    return later
      .filter((live) => sessionOf(live) === call.session)
      .map((live) => finding("I3", live, "it had been called ended"));
  }
  if (answer.answer !== "done") return [];
  switch (call.call) {
    case "endOne":
      return later
        .filter((live) => sessionOf(live) === call.target)
        .map((live) => finding("I5", live, "its user had ended it"));
    case "adminLogout":
    case "disable":
    case "changePassword":
      return later
        .filter((live) => {
          const login = logins.get(sessionOf(live));
          return login?.call.userId === call.userId && login.answeredAt < end.invokedAt;
        })
        .map((live) => finding("I5", live, `${call.call} had answered, which was called after its login`));
    case "login":
    case "validate":
    case "logout":
    case "endOthers":
    case "enable":
      return [];
  }
}

/**
 * From its login's answer to the last question that was answered live, a session was live at every instant.
 */
function tooManyAtOnce(
  userId: string,
  operations: readonly Operation[],
  lives: readonly Operation[],
  logins: ReadonlyMap<SessionRef, Operation>,
): Finding[] {
  const limits = operations.flatMap(({ call }) =>
    call.call === "login" && call.userId === userId ? [call.policy.limit] : [],
  );
  const limit = Math.max(0, ...limits);
  const spans = [...logins].flatMap(([session, login]) => {
    const last = latest(
      lives.filter((live) => sessionOf(live) === session && live.invokedAt >= login.answeredAt),
    );
    return login.call.userId === userId && last !== undefined
      ? [{ login, last, from: login.answeredAt, to: last.invokedAt }]
      : [];
  });
  for (const { from: at } of spans) {
    const together = spans.filter(({ from, to }) => from <= at && at <= to);
    if (together.length <= limit) continue;
    const what = `${together.length} sessions of ${userId} were live at the same instant, and the limit is ${limit}`;
    return [{ invariant: "I4", what, operations: together.flatMap(({ login, last }) => [login, last]) }];
  }
  return [];
}

/** I2, of rosters as they were read after the last operation. */
function missedByRoster({ finalRosters, operations }: History, lives: readonly Operation[]): Finding[] {
  return Object.entries(finalRosters ?? {}).flatMap(([userId, roster]) => {
    const lastWrite = Math.max(
      ...operations.map(({ call, settledAt }) => (call.call === "validate" ? -Infinity : settledAt)),
    );
    return lives
      .filter(({ call, invokedAt }) => call.userId === userId && invokedAt > lastWrite)
      .filter((live) => !roster.includes(sessionOf(live)))
      .map((live) => ({
        invariant: "I2",
        what: `session ${sessionOf(live)} is live, and its user's roster does not list it`,
        operations: [live],
      }));
  });
}

const latest = (operations: readonly Operation[]): Operation | undefined =>
  operations.toSorted((a, b) => a.invokedAt - b.invokedAt).at(-1);
