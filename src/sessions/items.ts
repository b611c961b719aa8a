import { ttlOf } from "../dynamodb/ttl.ts";
import type { Ending, EndReason } from "./ending.ts";
import { NO_ROSTER, type CountsFrom, type Roster, type RosterEntry } from "./roster.ts";
import type { Device, PlaceMarker, Session, SessionContention } from "./session.ts";
import { SIGN_INS_KEPT_MS } from "./sign-in.ts";
import { endingKey, rosterKey, sessionKey } from "./table.ts";
import type { SessionId } from "./token.ts";

/**
 * The shapes of the table's items (design section 3), and the way between them and the words of the protocol.
 */

type Item = Record<string, unknown>;

interface SessionItem {
  readonly pk: string;
  readonly userId: string;
  readonly createdAt: number;
  readonly identitySource: string;
  readonly isAdmin: boolean;
  readonly permissions: readonly string[];
  readonly device: Device;
  readonly era: string;
  readonly lastSeenAt: number;
  readonly idleExpiresAt: number;
  readonly expiresAt: number;
  readonly signedInAt?: number;
  readonly bound?: true;
  readonly channel?: string;
  readonly contention?: SessionContention;
  readonly place?: PlaceMarker;
  readonly suspectedAt?: number;
  readonly ttl: number;
}

interface RosterItem {
  readonly pk: string;
  readonly version: string;
  readonly entries: readonly RosterEntry[];
  readonly leaving: readonly SessionId[];
  readonly changedAt: number;
  readonly displacements: Roster["displacements"];
  readonly interruptions?: NonNullable<Roster["interruptions"]>;
  readonly countsFrom?: CountsFrom;
  readonly ttl: number;
}

interface EndingItem {
  readonly pk: string;
  readonly endedUserId: string;
  readonly endReason: EndReason;
  readonly endedAt: number;
  readonly endedBy: string;
  readonly endedDevice?: string | undefined;
  readonly displacedByDevice?: string | undefined;
  readonly expiresAt: number;
  readonly ttl: number;
}

const ROSTER_GRACE_MS = 60 * 60 * 1000;

/**
 * Twice as long as the table's stream keeps the record of an end: who reads that finds the reason, however
 * short the session's own time was.
 */
export const ENDING_KEPT_MS = 48 * 60 * 60 * 1000;

/**
 * TTL removes a session's item at its absolute expiry. Idle ones stay until then, so that their owner is told
 * "expired" rather than "unknown", and so that a touch need not move the TTL.
 */
export function toSessionItem(session: Session): SessionItem {
  const { id, user, ...rest } = session;
  return {
    ...sessionKey(id),
    userId: user.id,
    isAdmin: user.isAdmin,
    permissions: user.permissions,
    ...rest,
    ttl: ttlOf(session.expiresAt),
  };
}

/** The session in an item read from under its id. */
export function fromSessionItem(id: SessionId, item: Item): Session {
  const {
    userId,
    isAdmin,
    permissions,
    identitySource,
    device,
    era,
    createdAt,
    lastSeenAt,
    idleExpiresAt,
    expiresAt,
    signedInAt,
    bound,
    channel,
    contention,
    place,
    suspectedAt,
  } = item as unknown as SessionItem;
  return {
    id,
    user: { id: userId, isAdmin, permissions },
    identitySource,
    device,
    era,
    createdAt,
    lastSeenAt,
    idleExpiresAt,
    expiresAt,
    ...(signedInAt !== undefined && { signedInAt }),
    ...(bound !== undefined && { bound }),
    ...(channel !== undefined && { channel }),
    ...(contention !== undefined && { contention }),
    ...(place !== undefined && { place }),
    ...(suspectedAt !== undefined && { suspectedAt }),
  };
}

/**
 * The roster's TTL outlives all of its entries: a roster gone early would miss a live session (I2). It
 * outlives every sign-in that its time shuts out, too (I8).
 */
export function toRosterItem(userId: string, roster: Roster & { readonly version: string }): RosterItem {
  const { version, entries, leaving, changedAt, displacements, interruptions = [], countsFrom } = roster;
  const lastExpiry = Math.max(changedAt, ...entries.map((entry) => entry.expiresAt)) + ROSTER_GRACE_MS;
  const lastSignIn = countsFrom === undefined ? 0 : countsFrom.at + SIGN_INS_KEPT_MS;
  return {
    ...rosterKey(userId),
    version,
    entries,
    leaving,
    changedAt,
    displacements,
    ...(interruptions.length > 0 && { interruptions }),
    ...(countsFrom !== undefined && { countsFrom }),
    ttl: ttlOf(Math.max(lastExpiry, lastSignIn)),
  };
}

/** The roster in an item, or {@link NO_ROSTER} where there is no item. */
export function fromRosterItem(item: Item | undefined): Roster {
  if (item === undefined) return NO_ROSTER;
  const { version, entries, leaving, changedAt, displacements, interruptions, countsFrom } =
    item as unknown as RosterItem;
  return {
    version,
    entries,
    leaving,
    changedAt,
    displacements,
    ...(interruptions !== undefined && { interruptions }),
    ...(countsFrom !== undefined && { countsFrom }),
  };
}

export function toEndingItem(ending: Ending): EndingItem {
  const { sessionId, userId, reason, endedAt, endedBy, endedDevice, displacedByDevice, expiresAt } = ending;
  return {
    ...endingKey(sessionId),
    endedUserId: userId,
    endReason: reason,
    endedAt,
    endedBy,
    endedDevice,
    displacedByDevice,
    expiresAt,
    ttl: ttlOf(Math.max(expiresAt, endedAt + ENDING_KEPT_MS)),
  };
}

export function fromEndingItem(sessionId: SessionId, item: Item): Ending {
  const { endedUserId, endReason, endedAt, endedBy, endedDevice, displacedByDevice, expiresAt } =
    item as unknown as EndingItem;
  return {
    sessionId,
    userId: endedUserId,
    reason: endReason,
    endedAt,
    endedBy,
    ...(endedDevice === undefined ? {} : { endedDevice }),
    ...(displacedByDevice === undefined ? {} : { displacedByDevice }),
    expiresAt,
  };
}
