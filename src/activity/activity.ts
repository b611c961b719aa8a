import type { EndedReason } from "../sessions/ending.ts";
import type { Device } from "../sessions/session.ts";

/**
 * The words of activity: what happened to users' sessions, as it is kept for people to read (design section
 * 10, rules 34 to 39). It imports types only, so that contracts and pages share it.
 */

/** What a record can be of. */
export const ACTIVITY_KINDS = [
  "started",
  "ended",
  "contention",
  "suspected",
  "denied",
  "throttled",
  "administered",
] as const;
export type ActivityKind = (typeof ACTIVITY_KINDS)[number];

/**
 * Why somebody is suspected: devices that displace each other; a device displaced while in use that signs in
 * again; one token from two places.
 */
export const SUSPICIONS = ["displacements", "returns", "places"] as const;
export type Suspicion = (typeof SUSPICIONS)[number];

/** Of a device what people recognize it by; never an address, a user agent, a device id or a token. */
export type ActivityDevice = Pick<Device, "label" | "class">;

/** One thing that happened. Times are epoch milliseconds. */
export interface ActivityRecord {
  /** The id of the event that told of it (rule 8); a random one for denied, throttled and administered. */
  readonly id: string;
  readonly at: number;
  readonly kind: ActivityKind;
  /** Absent for an administrator's act on many, and for throttled addresses. */
  readonly userId?: string;
  readonly sessionId?: string;
  readonly identitySource?: string;
  readonly device?: ActivityDevice;
  /** Of contention and suspected: the two devices. */
  readonly devices?: readonly [ActivityDevice, ActivityDevice];
  /** Of contention and suspected. */
  readonly suspicion?: Suspicion;
  /** How many displacements, returns or switches of place. */
  readonly times?: number;
  /** Of ended. */
  readonly reason?: EndedReason;
  /** Of ended: who ended it, and for displaced the label of the device that signed in. */
  readonly by?: { readonly id: string; readonly device?: string };
  /** Of ended. */
  readonly startedAt?: number;
  /** Of administered. */
  readonly act?: AdministratorsAct;
}

/** What an administrator, an operator or a rule did to others, or tried to. */
export interface AdministratorsAct {
  readonly action: (typeof ADMINISTRATORS_ACTIONS)[number];
  /** The user id of the administrator; `operator:…` or `rule:…` for what came another way. */
  readonly actor: string;
  readonly outcome: (typeof ACT_OUTCOMES)[number];
  /** User ids, the first {@link MOST_TARGETS}. */
  readonly targets: readonly string[];
  /** How many they were. */
  readonly targetCount: number;
  readonly sessionCount?: number;
  /** Free text of at most {@link LONGEST_ACT_REASON} characters, for administrators only. */
  readonly reason?: string;
  readonly requestId: string;
}

export const ADMINISTRATORS_ACTIONS = ["log_out_users", "end_session", "start_job"] as const;
export const ACT_OUTCOMES = ["done", "unfinished", "failed", "refused", "dry-run"] as const;
export const MOST_TARGETS = 100;
export const LONGEST_ACT_REASON = 200;

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

/** How long a record of a user is kept, in milliseconds from its time. */
export const USERS_ACTIVITY_MS = 90 * DAY_MS;
/** How long all else is kept, and how far back everybody's list goes. */
export const ACTIVITY_MS = 35 * DAY_MS;
