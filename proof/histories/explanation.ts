import type { Answer, Call, History, Operation, SessionRef } from "./history.ts";
import { DEAD, EXISTS, type UserState } from "./user-state.ts";

const BAR_COLUMNS = 28;
const MOST_STATES_SHOWN = 6;

/** What an explanation is about. */
export interface Violation {
  readonly history: History;
  readonly invariant: string;
  readonly what: string;
  readonly operations: readonly Operation[];
  /** The operation that has no place, and the states that were possible before it. */
  readonly culprit?: {
    readonly operation: Operation;
    readonly states: readonly UserState[];
    readonly sessions: readonly SessionRef[];
  };
}

/**
 * The failing history as a person can read it: a line an operation, sessions by short names, and how to see
 * it again.
 */
export function explain({ history, invariant, what, operations, culprit }: Violation): string {
  const names = sessionNames(operations, culprit?.sessions ?? []);
  const start = Math.min(...operations.map(({ invokedAt }) => invokedAt));
  const end = Math.max(...operations.map(({ answeredAt }) => answeredAt));
  const name = (session: SessionRef): string => names.get(session) ?? session;
  const lines = [
    `${invariant} does not hold: ${withNames(what, names)}`,
    "",
    ...operations
      .toSorted((a, b) => a.invokedAt - b.invokedAt)
      .map((operation) => {
        const marker = operation === culprit?.operation ? "→" : " ";
        return `${marker} ${line(operation, start, end, name)}`;
      }),
    "",
  ];
  if (culprit !== undefined) {
    const { userId } = culprit.operation.call;
    const states = [...new Set(culprit.states.map((state) => showState(state, culprit, name)))];
    const shown = states.slice(0, MOST_STATES_SHOWN).join(" or ");
    const more = states.length > MOST_STATES_SHOWN ? ` or ${states.length - MOST_STATES_SHOWN} more` : "";
    lines.push(
      `No place for: ${showCall(culprit.operation.call, name)} answered ` +
        `${showAnswer(culprit.operation.answer, name)}.`,
      states.length === 0
        ? "The operations before it have no order either, once it has to come after them."
        : `Before it ${userId} could have had: ${shown}${more}.`,
      "",
    );
  }
  const legend = [...names].map(([session, short]) => `${short} = ${session}`);
  lines.push(
    "Times are virtual milliseconds since the first line; [--] from the call to its answer, ~ may take " +
      `effect later. Clocks were up to ${history.skewMs} ms wrong.`,
    ...(legend.length > 0 ? [legend.join("\n")] : []),
    `Seed: npm run prove -- --seed ${quoted(history.seed)} --rounds 1`,
  );
  return lines.join("\n");
}

const quoted = (seed: string): string =>
  /^[\w./:@-]+$/.test(seed) ? seed : `'${seed.replaceAll("'", `'\\''`)}'`;

/** s1, s2, … in the order in which they come up. */
function sessionNames(
  operations: readonly Operation[],
  sessions: readonly SessionRef[],
): Map<SessionRef, string> {
  const mentioned = operations
    .toSorted((a, b) => a.invokedAt - b.invokedAt)
    .flatMap(({ call, answer, newSession }) => [...inCall(call), ...inAnswer(answer), newSession ?? ""]);
  const all = new Set([...mentioned, ...sessions.filter((session) => mentioned.includes(session))]);
  all.delete("");
  return new Map([...all].map((session, index) => [session, `s${index + 1}`]));
}

function inCall(call: Call): SessionRef[] {
  const own = "session" in call ? [call.session] : [];
  const target = "target" in call ? [call.target] : [];
  return call.call === "login" ? [call.presented ?? "", ...(call.end ?? [])] : [...own, ...target];
}

function inAnswer(answer: Answer): readonly SessionRef[] {
  if (answer.answer === "loggedIn") return [answer.session, ...answer.displaced];
  return answer.answer === "limit" ? answer.sessions : [];
}

function withNames(text: string, names: ReadonlyMap<SessionRef, string>): string {
  return [...names].reduce((left, [session, short]) => left.replaceAll(session, short), text);
}

function line(operation: Operation, start: number, end: number, name: (ref: SessionRef) => string): string {
  const { invokedAt, answeredAt, settledAt, client, call, answer, newSession } = operation;
  const times = `${(invokedAt - start).toFixed(0).padStart(7)}–${(answeredAt - start).toFixed(0).padEnd(7)}`;
  const created =
    newSession !== undefined && answer.answer !== "loggedIn" ? ` (would be ${name(newSession)})` : "";
  const what = `${showCall(call, name)} → ${showAnswer(answer, name)}${created}`;
  const isLate = settledAt > answeredAt;
  return (
    `${times} ${bar(invokedAt - start, answeredAt - start, end - start, isLate)} ${client.padEnd(8)} ` + what
  );
}

function bar(from: number, to: number, whole: number, isLate: boolean): string {
  const column = (time: number): number =>
    Math.min(BAR_COLUMNS - 1, Math.max(0, Math.round((time / Math.max(1, whole)) * (BAR_COLUMNS - 1))));
  const [first, last] = [column(from), column(to)];
  const drawn = last === first ? "|" : `[${"-".repeat(last - first - 1)}]`;
  const late = isLate ? "~".repeat(BAR_COLUMNS - 1 - last) : "";
  return `${" ".repeat(first)}${drawn}${late}`.padEnd(BAR_COLUMNS);
}

function showCall(call: Call, name: (session: SessionRef) => string): string {
  switch (call.call) {
    case "login": {
      const { userId, policy, source, presented, takeover, end, credentials, tokenId } = call;
      const extras = [
        `limit ${policy.limit} ${policy.atLimit}`,
        ...(source === "trusted" ? [] : [`${source} ${credentials ?? tokenId ?? ""}`.trim()]),
        ...(presented === undefined ? [] : [`presenting ${name(presented)}`]),
        ...(takeover === true ? ["takeover"] : []),
        ...(end === undefined || end.length === 0 ? [] : [`end ${end.map(name).join(" ")}`]),
      ];
      return `login ${userId} (${extras.join(", ")})`;
    }
    case "validate":
      return `validate ${name(call.session)}${call.watch === true ? " (watch)" : ""}`;
    case "logout":
      return `logout ${name(call.session)}${call.all ? " (all)" : ""}`;
    case "endOne":
      return `endOne ${name(call.target)} by ${name(call.session)}`;
    case "endOthers":
      return `endOthers by ${name(call.session)}`;
    case "changePassword":
      return `changePassword ${call.userId} to ${call.credentials}`;
    case "adminLogout":
    case "disable":
    case "enable":
      return `${call.call} ${call.userId}`;
  }
}

function showAnswer(answer: Answer, name: (session: SessionRef) => string): string {
  switch (answer.answer) {
    case "loggedIn":
      return `${name(answer.session)}, displaced {${answer.displaced.map(name).join(", ")}}`;
    case "limit":
      return `at the limit, has {${answer.sessions.map(name).join(", ")}}`;
    case "dead":
      return `dead: ${answer.reason}`;
    case "done":
      return answer.count === undefined ? "done" : `done, ${answer.count} ended`;
    case "unavailable":
      return answer.effect === "none" ? "unavailable, nothing changed" : "unavailable, outcome unknown";
    case "fault":
      return `fault ${answer.status} ${answer.code}`;
    case "lost":
      return "no answer";
    case "refused":
    case "live":
    case "notFound":
      return answer.answer;
  }
}

/** The sessions that exist, `?` where that is not sure; and the directory, where the operation asked it. */
function showState(
  { masks, enabled, credentials }: UserState,
  { sessions, operation }: NonNullable<Violation["culprit"]>,
  name: (session: SessionRef) => string,
): string {
  const live = sessions.flatMap((session, index) => {
    const mask = masks[index] ?? 0;
    return (mask & EXISTS) === 0 ? [] : [`${name(session)}${(mask & DEAD) === 0 ? "" : "?"}`];
  });
  const { call } = operation;
  const asksDirectory = call.call === "login" && call.source === "passwords";
  const user = asksDirectory
    ? `, ${enabled ? "enabled" : "disabled"}, password ${credentials ?? "none"}`
    : "";
  return `{${live.join(", ")}}${user}`;
}
