import type { SessionId } from "../../src/sessions/token.ts";
import type { Database } from "./database.ts";
import type { Operation, Result } from "./call.ts";
import { placeOf, SESSIONS } from "./request.ts";
import { userOf, type Cast } from "./scenario.ts";
import { boundId, sessionsOf, shutOut, wrongUse } from "./sign-in-claims.ts";
import type { Process, State } from "./state.ts";
import { sessionKey } from "../../src/sessions/table.ts";

type SessionItem = Readonly<{ userId: string; idleExpiresAt: number; expiresAt: number }>;

/** The item of a session, as a read finds it that no running transaction has reached yet. */
export const sessionItem = (database: Database, id: SessionId): SessionItem | undefined =>
  database.items[placeOf(SESSIONS, sessionKey(id))] as SessionItem | undefined;

/** Invariant I1. An item that lacks an expiry is not live. */
export const isLive = (item: SessionItem | undefined, now: number): boolean =>
  item !== undefined && now < item.idleExpiresAt && now < item.expiresAt;

/** The sessions of the operation's user that somebody holds and that are live by the operation's clock. */
export function liveAtCall(state: State, operation: Operation, cast: Cast): SessionId[] {
  const user = userOf(operation, cast);
  const now = state.time + (operation.skewMs ?? 0);
  return state.out.filter(
    (id) =>
      cast.sessions.some((session) => session.id === id && session.user === user) &&
      isLive(sessionItem(state.database, id), now),
  );
}

/** What an operation's answer promises from now on, written into the state (I4, I5, I6). */
export function withClaims(
  state: State,
  place: number,
  operation: Operation,
  result: Result,
  cast: Cast,
): State {
  const process = state.processes[place]!;
  const claimed = withResult(state, place, operation, result, cast);
  return withEnded(claimed, shutOut(operation, result, process.calledAt, cast));
}

function withResult(state: State, place: number, operation: Operation, result: Result, cast: Cast): State {
  const process = state.processes[place]!;
  switch (result.result) {
    case "logged-in":
      return loggedIn(state, operation, result, process);
    case "used":
      return {
        ...withEnded(state, result.displaced),
        out: union(state.out, [result.session]),
        wrong: wrongUse(operation, result, process.commits, cast),
      };
    case "spent":
      return withEnded(
        state,
        operation.call.call === "logoutSignIn" ? sessionsOf(operation.call.signIn, cast) : [],
      );
    case "ended":
      return withEnded(state, [...result.sessions, ...promised(operation, process, cast)]);
    case "nothing-done":
      return withEnded(
        refused(withoutCommit(state, place), operation, cast, result.why),
        ownIfGone(state, operation, cast, result.why),
      );
    case "revoked":
      return withEnded(state, process.atCall);
    case "disabled":
      return {
        ...withEnded(state, process.atCall),
        disabled: union(state.disabled, [userOf(operation, cast)]),
      };
    case "unavailable":
      return result.effect === "none" ? withoutCommit(state, place) : state;
    case "fault":
      return { ...state, wrong: `${operation.name} failed: ${result.message}` };
    case "validated":
      return validated(state, operation, result, cast);
    case "unfinished":
      return state;
  }
}

/** Where nothing can expire, whoever held a session is told why it is not live any more. */
function validated(
  state: State,
  { name, call }: Operation,
  { as }: Extract<Result, { result: "validated" }>,
  cast: Cast,
): State {
  if (call.call !== "validate" || as !== "unknown" || !cast.nothingExpires || cast.revokes) return state;
  return state.out.includes(idOf(call.session, cast))
    ? { ...state, wrong: `${name} was told that nobody knows its session, which it held` }
    : state;
}

function loggedIn(
  state: State,
  { name, call }: Operation,
  { session, displaced }: Extract<Result, { result: "logged-in" }>,
  process: Process,
): State {
  const tokenId = call.call === "login" ? call.tokenId : undefined;
  const isUsed = tokenId !== undefined && state.tokensUsed.includes(tokenId);
  return {
    ...withEnded(state, displaced),
    out: union(state.out, [session]),
    tokensUsed: tokenId === undefined ? state.tokensUsed : union(state.tokensUsed, [tokenId]),
    wrong: isUsed
      ? `the token "${tokenId}" signed in twice, the second time ${name}`
      : process.commits === 1
        ? undefined
        : `${name} logged in by ${process.commits} transactions`,
  };
}

/** What a logout promises beyond the sessions it names: none that existed when it was called is left (I5). */
function promised({ call }: Operation, { atCall }: Process, cast: Cast): readonly SessionId[] {
  if ((call.call === "logout" || call.call === "logoutSignIn") && cast.settings.logoutAllSessions)
    return atCall;
  if (call.call === "endOthers") return atCall.filter((id) => id !== idOf(call.session, cast));
  return [];
}

/**
 * Whoever is told that its session is not live, or an administrator that there is no such session, must not
 * find it live afterwards, but for a clock that is behind.
 */
function ownIfGone(state: State, operation: Operation, cast: Cast, why: string): SessionId[] {
  const { call } = operation;
  // Whoever is told that its sign-in is spent, ended or too old must not be let in afterwards; only an older
  // one at a higher limit may be, when the newer ones have ended.
  if (call.call === "use" && /^(unknown|ended|too-old)/.test(why))
    return call.policy.limit > 1 && why === "too-old (displaced)"
      ? []
      : unlessEnding(state, boundId(operation, cast));
  if (call.call === "logoutSignIn") return sessionsOf(call.signIn, cast);
  const name =
    why === "not-live" && "session" in call
      ? call.session
      : why === "not-found" && call.call === "revokeOne"
        ? call.target
        : undefined;
  if (name === undefined) return [];
  const id = idOf(name, cast);
  const item = sessionItem(state.database, id);
  return item === undefined || cast.nothingExpires ? [id] : [];
}

/** Its ending may be visible while its delete is not: then it is certain to come. */
const unlessEnding = ({ database }: State, id: SessionId): SessionId[] => {
  const place = placeOf(SESSIONS, sessionKey(id));
  const isEnding = database.running.some(({ parts }) =>
    parts.some((part) => part.place === place && part.change !== "check" && part.change.after === undefined),
  );
  return isEnding ? [] : [id];
};

/** A refusal that no sign-out justifies. */
const refused = (state: State, { name }: Operation, { neverTooOld }: Cast, why: string): State =>
  why.startsWith("too-old") && neverTooOld.includes(name)
    ? { ...state, wrong: `${name} was refused as ${why}` }
    : state;

const idOf = (name: string, cast: Cast): SessionId =>
  cast.sessions.find((session) => session.name === name)!.id;

const withoutCommit = (state: State, place: number): State => ({
  ...state,
  processes: state.processes.with(place, { ...state.processes[place]!, mustNotCommit: true }),
});

const withEnded = (state: State, ids: readonly SessionId[]): State => ({
  ...state,
  ended: union(state.ended, ids),
});

function union<T extends string>(some: readonly T[], more: readonly T[]): readonly T[] {
  return more.every((one) => some.includes(one)) ? some : [...new Set([...some, ...more])].sort();
}
