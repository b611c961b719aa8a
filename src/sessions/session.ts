import type { SessionId } from "./token.ts";

/** What a policy can limit on its own: "one phone and one browser". Tablets count as mobile. */
export const DEVICE_CLASSES = ["mobile", "desktop"] as const;
export type DeviceClass = (typeof DEVICE_CLASSES)[number];

/**
 * `base64url(SHA-256(value of the device cookie))`. It tells devices apart; the cookie's value itself is kept
 * nowhere.
 */
export type DeviceId = string & { readonly __brand: "DeviceId" };

/**
 * What can be said of a client. Nothing here is trusted: it is shown to people, and decides nothing but the
 * class limits.
 */
export interface Device {
  /**
   * Internal: no view shows it, for it links one person's sessions. Absent where the client keeps no device
   * cookie.
   */
  readonly id?: DeviceId;
  /** For people: "Chrome on Windows". */
  readonly label: string;
  readonly class: DeviceClass;
  /** As sent, capped. */
  readonly userAgent?: string;
  /** Source address the API saw. */
  readonly address?: string;
}

/** Who is logging in, as the identity source vouched for it. */
export interface User {
  /** Unicode NFC, 1 to 512 UTF-8 bytes. */
  readonly id: string;
  readonly isAdmin: boolean;
  readonly permissions: readonly string[];
}

export type NamedDevice = Pick<Device, "id" | "label" | "class">;

/**
 * How a contention shows: two devices displace each other again and again within minutes; or a device that
 * was displaced while in use signs in again soon, several times a day.
 */
export const CONTENTION_SUSPICIONS = ["displacements", "returns"] as const;
export type ContentionSuspicion = (typeof CONTENTION_SUSPICIONS)[number];

/** Two devices that keep displacing each other. */
export interface SessionContention {
  /** The one that was displaced, and the one that signed in. */
  readonly devices: readonly [NamedDevice, NamedDevice];
  /**
   * Displacements between the two within the window (`account-sharing.ts`), this one among them; for
   * `returns` how often the second one signed in again after it was displaced while in use.
   */
  readonly displacements: number;
  /** Absent on items from before it was kept: `displacements`. */
  readonly suspicion?: ContentionSuspicion;
}

/**
 * From where a request comes: which client, in which network. It is coarse on purpose: a browser's update, or
 * another address of the same line, is no other place.
 */
export interface Place {
  /** By the user agent alone, whatever label was stated at the login. */
  readonly label: string;
  readonly class: DeviceClass;
  /** The first 24 bits of an IPv4 address or the first 48 of an IPv6 one: `192.0.2.0/24`, `2001:db8::/48`. */
  readonly network?: string;
}

/** A request from the place where the session was used before its last one: A, B, A. */
export interface SwitchBack {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Whether the two places are in different networks, too. */
  readonly far: boolean;
}

/** What a session's item keeps of places: as much as it takes to count switches back (`places.ts`). */
export interface PlaceMarker extends Place {
  /** The place before this one. */
  readonly before?: Place;
  /** Those of the window, oldest first. */
  readonly switches?: readonly SwitchBack[];
}

/** One signed-in device of one user. All times are epoch milliseconds. */
export interface Session {
  readonly id: SessionId;
  /** The user as it was at login. */
  readonly user: User;
  /** The identity source that vouched for the user: `passwords`, `trusted` or an OIDC source's name. */
  readonly identitySource: string;
  readonly device: Device;
  readonly era: string;
  readonly createdAt: number;
  readonly lastSeenAt: number;
  readonly idleExpiresAt: number;
  /** The absolute timeout; no touch moves it. */
  readonly expiresAt: number;
  /** When the user signed in at the provider (`auth_time`), where it says so. */
  readonly signedInAt?: number;
  /** Its token is the provider's: it is found by the sign-in. */
  readonly bound?: true;
  /**
   * The name of its channel, where push is on: shown to the session's own client only. See `channel.ts`.
   */
  readonly channel?: string;
  /** What the login that made it found; it tells itself with the session's start. */
  readonly contention?: SessionContention;
  /** From where it is used, where that is recorded; touches move it. */
  readonly place?: PlaceMarker;
  /** When its token was seen in two places by turns: once, by the touch that saw it. */
  readonly suspectedAt?: number;
}

/** Both timeouts, enforced here and not by TTL, which may be days late (ASVS 7.3.1, 7.3.2). */
export interface Timeouts {
  /** Milliseconds without activity, or `"none"`. */
  readonly idle: number | "none";
  /** Milliseconds from login. */
  readonly absolute: number;
}

/** Whether neither timeout has passed (invariant I1; that the item exists is the caller's to know). */
export function isUnexpired(session: Pick<Session, "idleExpiresAt" | "expiresAt">, now: number): boolean {
  return now < session.idleExpiresAt && now < session.expiresAt;
}

/** When a session last seen at `seenAt` expires from idleness: never past its absolute expiry. */
export function idleExpiry(seenAt: number, expiresAt: number, timeouts: Timeouts): number {
  return timeouts.idle === "none" ? expiresAt : Math.min(seenAt + timeouts.idle, expiresAt);
}

/** A session that begins now. Of the user only what a session keeps is taken, whatever else comes with it. */
export function beginningSession(
  { era, timeouts }: { readonly era: string; readonly timeouts: Timeouts },
  now: number,
  {
    user: { id, isAdmin, permissions },
    ...given
  }: Pick<
    Session,
    "id" | "user" | "identitySource" | "device" | "expiresAt" | "signedInAt" | "bound" | "channel" | "place"
  >,
): Session {
  return {
    ...given,
    user: { id, isAdmin, permissions },
    era,
    createdAt: now,
    lastSeenAt: now,
    idleExpiresAt: idleExpiry(now, given.expiresAt, timeouts),
  };
}

const LONGEST_TOUCH_INTERVAL_WITHOUT_IDLE_TIMEOUT = 60 * 60 * 1000;

/**
 * How old the recorded activity may grow before a validation records it again, in milliseconds: a tenth of
 * the idle timeout. Without one, activity only orders devices (least recently seen goes first), so an hour is
 * exact enough.
 */
export function touchInterval(timeouts: Timeouts): number {
  return timeouts.idle === "none"
    ? Math.min(timeouts.absolute / 10, LONGEST_TOUCH_INTERVAL_WITHOUT_IDLE_TIMEOUT)
    : timeouts.idle / 10;
}

export const LONGEST_USER_ID_BYTES = 512;
/**
 * Permissions and flags ride in the session item, which must stay within one read unit (4 KB) with all else.
 */
export const LONGEST_PERMISSIONS_BYTES = 1024;

/**
 * White space, and characters that show nothing (zero-width and soft hyphen, byte-order mark); an emoji's
 * variation selector shows.
 */
const BLANK = /^[\p{White_Space}[\p{Default_Ignorable_Code_Point}--\p{Variation_Selector}]]$/v;

/** `text` without the blank characters at its ends. */
export function trimBlank(text: string): string {
  // Not by one expression: that takes time in the square of the longest run of blanks.
  const characters = Array.from(text);
  const start = characters.findIndex((character) => !BLANK.test(character));
  if (start < 0) return "";
  return characters
    .slice(start, characters.findLastIndex((character) => !BLANK.test(character)) + 1)
    .join("");
}

/** Why `id` cannot be a user id, or `undefined` where it can. */
export function userIdProblem(id: string): string | undefined {
  if (id.length === 0) return "must not be empty";
  if (!id.isWellFormed()) return "must be well-formed Unicode";
  if (id.normalize("NFC") !== id) return "must be in Unicode normalization form NFC";
  if (Buffer.byteLength(id) > LONGEST_USER_ID_BYTES)
    return `must have at most ${LONGEST_USER_ID_BYTES} UTF-8 bytes`;
  // It cannot be seen, and it would make two users of one.
  if (trimBlank(id) !== id) return "must not begin or end with white space or an invisible character";
  return undefined;
}
