import type { SessionPolicy } from "./policy.ts";
import { mayBeLive, type Roster, type RosterEntry } from "./roster.ts";
import { isUnexpired, type Session } from "./session.ts";
import type { SessionId } from "./token.ts";

/** What a login knows when it decides. */
export interface LoginSituation {
  readonly roster: Roster;
  /** The sessions the roster lists, read together with it in one transaction; `undefined`: not read. */
  readonly sessions: ReadonlyMap<SessionId, Session> | undefined;
  /** Sessions seen dead before. A dead session stays dead (I3), so this outlives a change of the roster. */
  readonly dead: ReadonlySet<SessionId>;
  /** The session whose token the client presented. */
  readonly presentedId: SessionId | undefined;
  readonly policy: SessionPolicy;
  readonly era: string;
  readonly now: number;
}

export type LoginDecision =
  /** The roster alone does not tell: read the sessions with it. */
  | { readonly decision: "read-sessions" }
  | { readonly decision: "refuse"; readonly sessions: readonly Session[] }
  | {
      readonly decision: "admit";
      readonly displace: readonly RosterEntry[];
      readonly logOut: readonly RosterEntry[];
      readonly drop: readonly SessionId[];
    };

/**
 * What becomes of a login and of the sessions its user has (design section 4, `login`). Dead sessions and the presented one do
 * not count. A roster may list sessions that idleness or a revoke ended, so whoever must be counted exactly is read first.
 */
export function decideLogin(situation: LoginSituation): LoginDecision {
  const { roster, sessions, policy, presentedId } = situation;
  const live = roster.entries.filter((entry) => isBelievedLive(entry, situation));
  const drop = roster.entries.filter((entry) => !live.includes(entry)).map((entry) => entry.id);
  const logOut = live.filter((entry) => entry.id === presentedId);
  const others = live.filter((entry) => entry.id !== presentedId);
  const tooMany = others.length - policy.limit + 1;

  if (tooMany <= 0) return { decision: "admit", displace: [], logOut, drop };
  if (policy.limit === 1 && policy.atLimit === "displace")
    return { decision: "admit", displace: others, logOut, drop };
  if (sessions === undefined) return { decision: "read-sessions" };
  const otherSessions = others.flatMap((entry) => sessions.get(entry.id) ?? []);
  switch (policy.atLimit) {
    case "displace": {
      const victims = new Set(leastRecentlySeen(otherSessions, tooMany).map((session) => session.id));
      return { decision: "admit", displace: others.filter((entry) => victims.has(entry.id)), logOut, drop };
    }
    case "deny":
    case "ask":
      return { decision: "refuse", sessions: otherSessions };
  }
}

function isBelievedLive(entry: RosterEntry, { sessions, dead, era, now }: LoginSituation): boolean {
  if (dead.has(entry.id) || !mayBeLive(entry, era, now)) return false;
  if (sessions === undefined) return true;
  const session = sessions.get(entry.id);
  return session !== undefined && isUnexpired(session, now);
}

/** Equal times must not leave the choice open, or two logins could choose differently. */
function leastRecentlySeen(sessions: readonly Session[], count: number): Session[] {
  return sessions
    .toSorted((a, b) => a.lastSeenAt - b.lastSeenAt || a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1))
    .slice(0, count);
}
