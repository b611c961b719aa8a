import type { EndedReason, Ending } from "../sessions/ending.ts";
import type { SessionEnded } from "./events.ts";
import type { SeenSession } from "./stream-record.ts";

/** The clocks of two functions, and the stream's whole seconds, are never further apart. */
const CLOCKS_DIFFER_MS = 60_000;
const ERA_RULE = "rule:era";

/** What is known of a session whose item was removed. Times are epoch milliseconds. */
export interface Removal {
  readonly session: SeenSession;
  /** When the item was removed, in whole seconds. */
  readonly at: number;
  readonly byTtl: boolean;
  /** As it was read consistently after the removal; nobody reads one for what TTL removed. */
  readonly ending: Ending | undefined;
  /** The deployment's own. */
  readonly era: string;
}

/** Why, when and by whom a session ended. */
export interface HowEnded {
  readonly reason: EndedReason;
  /** Epoch milliseconds. */
  readonly time: number;
  readonly by?: NonNullable<SessionEnded["by"]>;
}

/**
 * How a session ended, by the first of these that holds: TTL removed it; its ending says so; a timeout had
 * passed, for commits drop what has expired too; it is of another era. Else nobody can say: a bulk revocation
 * deleted it without having seen it.
 */
export function howEnded({ session, at, byTtl, ending, era }: Removal): HowEnded {
  if (byTtl) return { reason: "expired", time: timeoutOf(session) };
  // A revocation that ran out of time can leave an ending of a session that lives on.
  if (ending !== undefined && ending.endedAt + CLOCKS_DIFFER_MS >= session.lastSeenAt) {
    return { reason: ending.reason, time: ending.endedAt, by: actorOf(ending) };
  }
  if (timeoutOf(session) <= at + CLOCKS_DIFFER_MS) return { reason: "expired", time: timeoutOf(session) };
  if (session.era !== era) return { reason: "revoked", time: at, by: { id: ERA_RULE } };
  return { reason: "unknown", time: at };
}

/** When a session expires that nobody uses any more. */
export const timeoutOf = ({
  idleExpiresAt,
  expiresAt,
}: Pick<SeenSession, "idleExpiresAt" | "expiresAt">): number => Math.min(idleExpiresAt, expiresAt);

/** Whether a timeout had passed when the item was removed, by any clock. */
export const hasTimedOut = ({ session, at }: Pick<Removal, "session" | "at">): boolean =>
  timeoutOf(session) + CLOCKS_DIFFER_MS <= at;

/** Whether an ending is older than the removal, as a revocation leaves one that then ran out of time. */
export const isOfBefore = ({ endedAt }: Ending, { at }: Pick<Removal, "at">): boolean =>
  endedAt + CLOCKS_DIFFER_MS < at;

const actorOf = ({ endedBy, displacedByDevice }: Ending) => ({
  id: endedBy,
  ...(displacedByDevice !== undefined && { device: displacedByDevice }),
});
