import { sessionKey } from "../../src/sessions/table.ts";
import type { SessionId } from "../../src/sessions/token.ts";
import type { Operation, Result } from "./call.ts";
import { placeOf, SESSIONS } from "./request.ts";
import type { Cast, NamedSession } from "./scenario.ts";
import type { State } from "./state.ts";

/** What the invariants I7 and I8 promise of the sessions that are made of sign-ins. */

/** The state with the sessions that came into being by a step, each under its sign-in (I7). */
export function withMade(before: State, after: State, { sessions }: Cast): State {
  if (before.database.items === after.database.items) return after;
  const isThere = ({ database }: State, id: SessionId): boolean =>
    database.items[placeOf(SESSIONS, sessionKey(id))] !== undefined;
  let { made } = after;
  for (const { id, signIn } of sessions) {
    if (signIn === undefined || isThere(before, id) || !isThere(after, id)) continue;
    made = { ...made, [signIn]: [...(made[signIn] ?? []), id] };
  }
  return made === after.made ? after : { ...after, made };
}

/** The sessions that a sign-in may have had: none of them is live after it was logged out. */
export const sessionsOf = (signIn: string, { sessions }: Cast): SessionId[] =>
  sessions.filter((session) => session.signIn === signIn).map(({ id }) => id);

/** The id of the session that a use may make, in its function's era. */
export function boundId({ call, settings }: Operation, cast: Cast): SessionId {
  if (call.call !== "use") throw new TypeError(`a ${call.call} uses no sign-in`);
  const { era = cast.settings.era } = settings ?? {};
  const name = era === cast.settings.era ? call.signIn : `${call.signIn} in era ${era}`;
  return cast.sessions.find((session) => session.name === name)!.id;
}

/**
 * The sessions of sign-ins from before a time: none may be live after the answer of an operation that moved
 * the user's time there (I8).
 */
export const sessionsFromBefore = (time: number, { sessions, signIns }: Cast): NamedSession[] =>
  sessions.filter(({ signIn }) => signIn !== undefined && signIns.get(signIn)!.signedInAt < time);

const CLOCK_DOUBT_MS = 5000;

/** What an answered operation promises of sign-ins from before it, beside what it names. */
export function shutOut(operation: Operation, result: Result, calledAt: number, cast: Cast): SessionId[] {
  const { call, skewMs = 0 } = operation;
  // A clock that is off may see a sign-in of just before as one of after.
  if (skewMs !== 0) return [];
  const all = sessionsFromBefore(calledAt, cast);
  switch (result.result) {
    case "revoked":
      return all.map(({ id }) => id);
    case "ended":
      if (call.call === "endOthers") return others(all, call.session);
      if (call.call === "logoutSignIn" || call.call === "logout") return loggedOut(all, call, cast);
      return [];
    case "logged-in":
    case "used":
      return displacedBy(operation, result.session, calledAt, cast);
    case "disabled":
    case "fault":
    case "nothing-done":
    case "spent":
    case "unavailable":
    case "unfinished":
    case "validated":
      return [];
  }
}

const others = (all: readonly NamedSession[], own: string): SessionId[] =>
  all.filter(({ name }) => name !== own).map(({ id }) => id);

function loggedOut(all: readonly NamedSession[], call: Operation["call"], cast: Cast): SessionId[] {
  const own = call.call === "logoutSignIn" ? sessionsOf(call.signIn, cast) : [];
  return cast.settings.logoutAllSessions ? all.map(({ id }) => id) : own;
}

/** Under a limit of one that displaces, older sign-ins are shut out. */
function displacedBy({ call }: Operation, own: SessionId, calledAt: number, cast: Cast): SessionId[] {
  if (call.call !== "login" && call.call !== "use") return [];
  const { limit, atLimit } = call.policy;
  if (limit !== 1 || atLimit !== "displace") return [];
  const { signIn } = call;
  const time = signIn === undefined ? calledAt - CLOCK_DOUBT_MS : cast.signIns.get(signIn)!.signedInAt;
  return sessionsFromBefore(time, cast)
    .filter(({ id, signIn: other }) => id !== own && other !== signIn)
    .map(({ id }) => id);
}

/** What is wrong with a use that was answered yes: only a newer sign-in may end a session by itself. */
export function wrongUse(
  { name, call }: Operation,
  { admitted, displaced }: Extract<Result, { result: "used" }>,
  commits: number,
  { sessions, signIns }: Cast,
): string | undefined {
  if (call.call !== "use") return undefined;
  if (commits !== (admitted ? 1 : 0)) return `${name} was answered yes by ${commits} transactions`;
  const { signedInAt } = signIns.get(call.signIn)!;
  const newer = sessions.find(
    ({ id, signIn }) =>
      displaced.includes(id) && signIn !== undefined && signIns.get(signIn)!.signedInAt > signedInAt,
  );
  return newer && `${name} displaced the session of ${newer.name}, whose sign-in is newer`;
}
