import type { RosterEntry } from "../../src/sessions/roster.ts";
import { LONGEST_WINDOW_MS } from "../../src/sessions/sign-in.ts";
import { endingKey, rosterKey } from "../../src/sessions/table.ts";
import type { SessionId } from "../../src/sessions/token.ts";
import { isLive, sessionItem } from "./claims.ts";
import type { Database, Place } from "./database.ts";
import type { Operation } from "./call.ts";
import { placeOf, SESSIONS } from "./request.ts";
import type { Cast, NamedSession } from "./scenario.ts";
import type { State } from "./state.ts";

/** An invariant that does not hold, and how. */
export interface Violation {
  readonly invariant: "I2" | "I3" | "I4" | "I5" | "I6" | "I7" | "progress" | "reasons" | "answers";
  readonly what: string;
}

/** What is wrong with a step, by the invariants of the protocol; `undefined`: nothing. */
export function violationOfStep(
  before: State,
  after: State,
  atOnce: readonly Operation[],
  cast: Cast,
): Violation | undefined {
  return (
    onlyCommitsCreate(before.database, after.database) ?? onlyTheLiveEndSessions(before, after, atOnce, cast)
  );
}

/** What is wrong with a state, however it was reached. */
export function violationOf(state: State, cast: Cast): Violation | undefined {
  return (
    answersAreRight(state) ??
    limitHolds(state, cast) ??
    endedStaysEnded(state, cast) ??
    nothingDoneChangedNothing(state) ??
    eachSignInMakesOne(state) ??
    boundExpireByTheirSignIn(state, cast) ??
    rosterListsLive(state, cast) ??
    everyEndHasItsReason(state, cast)
  );
}

function answersAreRight({ wrong }: State): Violation | undefined {
  return wrong === undefined ? undefined : { invariant: "answers", what: wrong };
}

/**
 * Whether a read might find a session live now, by the slowest clock. What a running transaction deletes may
 * still be found.
 */
function mayReadLive({ database, time }: State, id: SessionId, cast: Cast): boolean {
  return isLive(sessionItem(database, id), time + cast.slowestMs);
}

function limitHolds(state: State, cast: Cast): Violation | undefined {
  for (const [user, limit] of cast.limits) {
    const live = cast.sessions.filter(
      (session) =>
        session.user === user && state.out.includes(session.id) && mayReadLive(state, session.id, cast),
    );
    if (live.length > limit)
      return { invariant: "I4", what: `${names(live)} validate, and the limit is ${limit}` };
  }
  return undefined;
}

function endedStaysEnded(state: State, cast: Cast): Violation | undefined {
  for (const session of cast.sessions) {
    if (!mayReadLive(state, session.id, cast)) continue;
    if (state.ended.includes(session.id))
      return { invariant: "I5", what: `${names([session])} validates after an answer that it has ended` };
    if (state.disabled.includes(session.user) && state.out.includes(session.id))
      return { invariant: "I5", what: `${names([session])} validates, and its user was disabled` };
  }
  return undefined;
}

function nothingDoneChangedNothing({ processes }: State): Violation | undefined {
  const liar = processes.find(({ mustNotCommit, commits }) => mustNotCommit && commits > 0);
  if (liar === undefined) return undefined;
  return { invariant: "I6", what: "an operation changed something that answered that it had not" };
}

function eachSignInMakesOne({ made }: State): Violation | undefined {
  const twice = Object.entries(made).find(([, sessions]) => sessions.length > 1);
  if (twice === undefined) return undefined;
  return { invariant: "I7", what: `the sign-in ${twice[0]} has made ${twice[1].length} sessions` };
}

/** Whenever it was admitted. */
function boundExpireByTheirSignIn({ database }: State, cast: Cast): Violation | undefined {
  const longest = Math.min(cast.longestTimeoutMs, LONGEST_WINDOW_MS);
  const late = cast.sessions.find(({ id, signIn = "", bound }) => {
    const signedInAt = cast.signIns.get(signIn)?.signedInAt ?? 0;
    return bound === true && (sessionItem(database, id)?.expiresAt ?? 0) > signedInAt + longest;
  });
  return late && { invariant: "I7", what: `${names([late])} lives longer than its sign-in` };
}

const SESSION_PLACES = placeOf(SESSIONS, { pk: "session#" });
const isSessionPlace = (place: Place): boolean => place.startsWith(SESSION_PLACES);

function onlyCommitsCreate(before: Database, after: Database): Violation | undefined {
  if (before.items === after.items) return undefined;
  const awaited = new Set(before.running.flatMap(({ parts }) => parts.map(({ place }) => place)));
  const created = Object.keys(after.items).find(
    (place) => isSessionPlace(place) && before.items[place] === undefined && !awaited.has(place),
  );
  if (created === undefined) return undefined;
  return { invariant: "I3", what: `the item of ${created} came into being without a commit` };
}

/** A commit by somebody's own token takes effect only while that token's session has not ended. */
function onlyTheLiveEndSessions(
  before: State,
  after: State,
  atOnce: readonly Operation[],
  cast: Cast,
): Violation | undefined {
  for (const [place, { call, name }] of atOnce.entries()) {
    if (!("session" in call) || after.processes[place]!.commits === before.processes[place]!.commits)
      continue;
    const own = cast.sessions.find((session) => session.name === call.session)!;
    // Whether it has expired since, only its sender's clock could tell: time may have passed while the
    // request was under way.
    if (sessionItem(after.database, own.id) === undefined)
      return { invariant: "I5", what: `${name} took effect by ${names([own])}, which has ended` };
  }
  return undefined;
}

function rosterListsLive({ database, time }: State, cast: Cast): Violation | undefined {
  if (database.running.length > 0) return undefined;
  const missed = cast.sessions.find(({ id, user }) => {
    if (!isLive(sessionItem(database, id), time + cast.slowestMs)) return false;
    const roster = database.items[placeOf(SESSIONS, rosterKey(user))];
    const entries = (roster?.["entries"] ?? []) as readonly RosterEntry[];
    return !entries.some((entry) => entry.id === id);
  });
  if (missed === undefined) return undefined;
  return { invariant: "I2", what: `the roster does not list ${names([missed])}, which is live` };
}

/** Where nothing can expire, a session that somebody held and that is gone has an ending that says why. */
function everyEndHasItsReason(state: State, cast: Cast): Violation | undefined {
  const { database, out } = state;
  if (!cast.nothingExpires || cast.revokes || database.running.length > 0) return undefined;
  const unexplained = cast.sessions.find(
    ({ id }) =>
      out.includes(id) &&
      sessionItem(database, id) === undefined &&
      database.items[placeOf(SESSIONS, endingKey(id))] === undefined,
  );
  if (unexplained === undefined) return undefined;
  return { invariant: "reasons", what: `${names([unexplained])} is gone, and no ending says why` };
}

const names = (sessions: readonly NamedSession[]): string =>
  sessions.map(({ name }) => `the session of ${name}`).join(" and ");
