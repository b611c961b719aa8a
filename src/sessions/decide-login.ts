import { signedInAtOf } from "./counts-from.ts";
import { mayDisplace, type SessionPolicy } from "./policy.ts";
import { mayBeLive, type Roster, type RosterEntry } from "./roster.ts";
import { isUnexpired, type Device, type Session } from "./session.ts";
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
  readonly device: Pick<Device, "id" | "class">;
  readonly policy: SessionPolicy;
  readonly takeover: boolean;
  readonly end: readonly SessionId[];
  readonly era: string;
  readonly now: number;
  /**
   * For an admission, when the user signed in: it ends by itself only sessions that are not newer. An
   * ordinary login, and an explicit choice, may end any.
   */
  readonly notNewerThan?: number | undefined;
}

export type LoginDecision =
  /** The roster alone does not tell: read the sessions with it. */
  | { readonly decision: "read-sessions" }
  | { readonly decision: "refuse"; readonly sessions: readonly Session[] }
  /** An admission, at the limit, of an older sign-in than those of the sessions there are. */
  | { readonly decision: "older"; readonly than: RosterEntry }
  | {
      readonly decision: "admit";
      readonly displace: readonly RosterEntry[];
      readonly logOut: readonly RosterEntry[];
      readonly drop: readonly SessionId[];
    };

/**
 * What becomes of a login and of the sessions its user has (design section 4, `login`). Dead sessions do not
 * count, nor do the presented one and the device's own: the login replaces those. A roster may list sessions
 * that idleness or a revoke ended, so sessions that must be counted exactly are read first.
 */
export function decideLogin(situation: LoginSituation): LoginDecision {
  const { roster, sessions, policy } = situation;
  const live = roster.entries.filter((entry) => isBelievedLive(entry, situation));
  const drop = roster.entries.filter((entry) => !live.includes(entry)).map((entry) => entry.id);
  const logOut = live.filter((entry) => isReplaced(entry, situation));
  const others = live.filter((entry) => !logOut.includes(entry));
  const chosen = others.filter((entry) => isChosen(entry, situation));
  const rest = others.filter((entry) => !chosen.includes(entry));

  const tooMany = excess(rest, situation);
  if (tooMany.ofClass <= 0 && tooMany.ofAll <= 0)
    return { decision: "admit", displace: chosen, logOut, drop };
  const displaces = mayDisplace(policy, situation.takeover);
  const yielding = rest.filter((entry) => mayBeEnded(entry, situation));
  if (policy.limit === 1 && displaces && yielding.length === rest.length)
    return { decision: "admit", displace: others, logOut, drop };
  if (sessions === undefined) return { decision: "read-sessions" };
  const seen = (entry: RosterEntry): Session | undefined => sessions.get(entry.id);
  if (!displaces) return { decision: "refuse", sessions: others.flatMap((entry) => seen(entry) ?? []) };
  const victims = chooseVictims(leastRecentlySeenFirst(yielding, seen), tooMany, situation);
  const left = rest.filter((entry) => !victims.includes(entry));
  const still = excess(left, situation);
  if (still.ofClass > 0 || still.ofAll > 0) return { decision: "older", than: newest(left) };
  return { decision: "admit", displace: [...chosen, ...victims], logOut, drop };
}

function isBelievedLive(entry: RosterEntry, { sessions, dead, era, now }: LoginSituation): boolean {
  if (dead.has(entry.id) || !mayBeLive(entry, era, now)) return false;
  if (sessions === undefined) return true;
  const session = sessions.get(entry.id);
  return session !== undefined && isUnexpired(session, now);
}

function isReplaced(entry: RosterEntry, situation: LoginSituation): boolean {
  const { presentedId, device } = situation;
  const isOfDevice = device.id !== undefined && entry.device.id === device.id;
  return entry.id === presentedId || (isOfDevice && mayBeEnded(entry, situation));
}

/** Whether a session yields without having been named: not to an admission of an older sign-in. */
function mayBeEnded(entry: RosterEntry, { notNewerThan, takeover }: LoginSituation): boolean {
  return takeover || notNewerThan === undefined || signedInAtOf(entry) <= notNewerThan;
}

const newest = (entries: readonly RosterEntry[]): RosterEntry =>
  entries.reduce((one, other) => (signedInAtOf(other) > signedInAtOf(one) ? other : one));

/** Under `deny` nobody gets in by naming whom to end: the limit is the administrator's, not the person's. */
function isChosen(entry: RosterEntry, { policy, end }: LoginSituation): boolean {
  return policy.atLimit !== "deny" && end.includes(entry.id);
}

/** By how many sessions a login would exceed its limits; nothing or less: it would not. */
interface Excess {
  readonly ofClass: number;
  readonly ofAll: number;
}

function excess(others: readonly RosterEntry[], { policy, device }: LoginSituation): Excess {
  const sameClass = others.filter((entry) => entry.device.class === device.class).length;
  return {
    ofClass: sameClass + 1 - (policy.perDeviceClass?.[device.class] ?? Infinity),
    ofAll: others.length + 1 - policy.limit,
  };
}

/** Equal times must not leave the choice open, or two logins could choose differently. */
function leastRecentlySeenFirst(
  entries: readonly RosterEntry[],
  seen: (entry: RosterEntry) => Session | undefined,
): RosterEntry[] {
  const lastSeenAt = (entry: RosterEntry): number => seen(entry)?.lastSeenAt ?? 0;
  return entries.toSorted(
    (a, b) => lastSeenAt(a) - lastSeenAt(b) || a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1),
  );
}

/**
 * The first in the order, as many as it takes: of the device's class for its limit, and then of all for the
 * whole one's.
 */
function chooseVictims(
  ordered: readonly RosterEntry[],
  { ofClass, ofAll }: Excess,
  { device }: LoginSituation,
): RosterEntry[] {
  const ofItsClass = ordered
    .filter((entry) => entry.device.class === device.class)
    .slice(0, Math.max(0, ofClass));
  const others = ordered.filter((entry) => !ofItsClass.includes(entry));
  return [...ofItsClass, ...others.slice(0, Math.max(0, ofAll - ofItsClass.length))];
}
