import type { SessionId } from "./token.ts";

/** Why a session ended before its time. A session that only timed out has no ending. */
export const END_REASONS = ["displaced", "logged_out", "revoked"] as const;
export type EndReason = (typeof END_REASONS)[number];

/** Why a session ended, as it is told: a timeout leaves no ending, and some endings nobody has seen. */
export const ENDED_REASONS = [...END_REASONS, "expired", "unknown"] as const;
export type EndedReason = (typeof ENDED_REASONS)[number];

/** Why, when and by whom a session ended. */
export interface Ending {
  readonly sessionId: SessionId;
  readonly userId: string;
  readonly reason: EndReason;
  /** Epoch milliseconds. */
  readonly endedAt: number;
  /** The user id of who ended it; for `revoked` the administrator, or the rule or operator that acted. */
  readonly endedBy: string;
  /**
   * The label of the device whose session it was; absent in endings that were recorded before it was kept.
   */
  readonly endedDevice?: string;
  /** For `displaced`: the label of the device that signed in. */
  readonly displacedByDevice?: string;
  /** When the session would have expired anyway (epoch ms). The ending is kept at least until then. */
  readonly expiresAt: number;
}
