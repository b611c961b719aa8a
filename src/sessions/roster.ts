import type { EndReason } from "./ending.ts";
import type { Device, DeviceId, Session } from "./session.ts";
import type { SessionId } from "./token.ts";

/** What the roster tells of a session without reading the session. */
export interface RosterEntry {
  readonly id: SessionId;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly era: string;
  /** When the user signed in at a provider that says so; see `signedInAtOf`. */
  readonly signedInAt?: number;
  readonly device: Pick<Device, "id" | "label" | "class">;
}

/** From when a user's sign-ins count, as the user's own logins and logouts moved it (I8). */
export interface CountsFrom {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly reason: Exclude<EndReason, "revoked">;
  /** The label of the device that displaced or logged out. */
  readonly by: string;
}

/** One time that a device displaced another one's session. */
export interface Displacement {
  /** Epoch milliseconds. */
  readonly at: number;
  /** The ids of both devices, in one text for both directions. */
  readonly pair: string;
  /** Set on the one that raised the signal of account sharing. */
  readonly signalled?: boolean;
}

/** One time that a device was displaced while it was in use. */
export interface Interruption {
  /** Epoch milliseconds. */
  readonly at: number;
  /** The device that was displaced. */
  readonly device: DeviceId;
  /** The one that displaced it. */
  readonly by: DeviceId;
  /** What the latter is called; until the former has signed in again. */
  readonly awaited?: Pick<Device, "label" | "class">;
  /** Set on the one that raised the signal of account sharing. */
  readonly signalled?: boolean;
}

/**
 * The list of a user's sessions: a superset of the live ones (I2). All changes of one user serialize on its
 * version, which is random: after TTL removed a roster, a counter would come round to a value that somebody
 * still holds.
 */
export interface Roster {
  /** `undefined`: there is no roster item. */
  readonly version: string | undefined;
  readonly entries: readonly RosterEntry[];
  /** What the last commit deleted; see {@link leavingIds}. */
  readonly leaving: readonly SessionId[];
  /** When the last commit was made (epoch ms). */
  readonly changedAt: number;
  /** What logins displaced lately; see `account-sharing.ts`. */
  readonly displacements: readonly Displacement[];
  /** Displacements of devices in use, of a day; absent: none. */
  readonly interruptions?: readonly Interruption[];
  /** Only ever raised, and kept by every commit. */
  readonly countsFrom?: CountsFrom;
}

/** The roster of a user who has none. */
export const NO_ROSTER: Roster = {
  version: undefined,
  entries: [],
  leaving: [],
  changedAt: 0,
  displacements: [],
};

const LEAVING_MS = 60_000;

/**
 * Sessions that the previous commit deleted and the next one must delete again: DynamoDB applies a
 * transaction item by item, so the new roster may be readable while an old session still reads as live.
 * Touching that item makes the next commit wait. No transaction takes a minute, so older ones are through.
 */
export function leavingIds(roster: Roster, now: number): readonly SessionId[] {
  return now - roster.changedAt < LEAVING_MS ? roster.leaving : [];
}

/**
 * Whether an entry may still be live, as far as the roster can tell: its era is this one, its absolute
 * timeout is to come.
 */
export function mayBeLive(entry: RosterEntry, era: string, now: number): boolean {
  return entry.era === era && now < entry.expiresAt;
}

/** The entry of a session. */
export function entryOf(session: Session): RosterEntry {
  const { id, createdAt, expiresAt, era, signedInAt, device } = session;
  const { id: deviceId, label, class: deviceClass } = device;
  return {
    id,
    createdAt,
    expiresAt,
    era,
    ...(signedInAt !== undefined && { signedInAt }),
    device: { ...(deviceId !== undefined && { id: deviceId }), label, class: deviceClass },
  };
}
