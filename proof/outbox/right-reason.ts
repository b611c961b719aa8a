import type { SessionEnded } from "../../src/outbox/events.ts";
import type { Item } from "../model/expression.ts";
import type { Change } from "./changes.ts";

/** An ending that was written, and when it came to be visible. */
export interface WrittenEnding {
  readonly item: Item;
  readonly step: number;
  /** TTL has removed it since. */
  readonly isGone: boolean;
}

/** How an event says that a session ended. */
export type HowTold = Pick<SessionEnded, "reason" | "time"> & { readonly by: SessionEnded["by"] | undefined };

/** The clocks of the functions differ by no more. */
const CLOCKS_MS = 60_000;

const iso = (time: unknown): string => new Date(time as number).toISOString();

/**
 * How the end of a session may be told, by what really happened to it: usually in one way. Where a bulk
 * revocation had a hand in it, its ending may be found as well as another one.
 */
export function howEndedRight(
  removal: Change,
  endings: readonly WrittenEnding[],
  era: string,
): readonly HowTold[] {
  const session = removal.before!;
  const timeout = Math.min(session["idleExpiresAt"] as number, session["expiresAt"] as number);
  const { cause } = removal;
  if (cause.cause === "ttl") return [expiredAt(timeout)];

  const counts = ({ item }: WrittenEnding): boolean =>
    (item["endedAt"] as number) + CLOCKS_MS >= (session["lastSeenAt"] as number);
  const own = cause.cause === "commit" ? cause.ending : undefined;
  const others = endings.filter(({ item }) => item !== own);
  const mayBeFound = (one: WrittenEnding): boolean => one.step > removal.step || isRecent(one, removal);
  if (own !== undefined) {
    const overlapping = others.filter((one) => counts(one) && mayBeFound(one));
    return [own, ...overlapping.map(({ item }) => item)].map(told);
  }

  const later = others.filter((one) => one.step > removal.step && counts(one)).map(({ item }) => item);
  const stored = others.findLast(({ step }) => step <= removal.step);
  if (stored !== undefined && counts(stored)) {
    const found = [stored.item, ...later].map(told);
    return stored.isGone ? [...found, ...withoutEnding(removal, timeout, era)] : found;
  }
  return [...later.map(told), ...withoutEnding(removal, timeout, era)];
}

/** How the end may be told where no ending is found. */
function withoutEnding({ before, cause, time, eras }: Change, timeout: number, era: string): HowTold[] {
  const second = Math.floor(time / 1000) * 1000;
  if (timeout <= second + CLOCKS_MS) return [expiredAt(timeout)];
  if (before?.["era"] !== era) return [{ reason: "revoked", time: iso(second), by: { id: "rule:era" } }];
  // A commit knows what it drops; one of before the change of the era takes a session of the new one for
  // dead. Only the bulk path deletes what it has not seen.
  const isDroppedBlindly = eras.some((one) => one !== before["era"]);
  if (cause.cause === "commit" && !isDroppedBlindly) return [];
  return [{ reason: "unknown", time: iso(second), by: undefined }];
}

const expiredAt = (timeout: number): HowTold => ({ reason: "expired", time: iso(timeout), by: undefined });

/** Whether a revocation was at work when the session was removed: it wrote its ending a moment before. */
const isRecent = ({ item }: WrittenEnding, { time }: Change): boolean =>
  (item["endedAt"] as number) + CLOCKS_MS >= Math.floor(time / 1000) * 1000;

function told(ending: Item): HowTold {
  const { endReason, endedAt, endedBy, displacedByDevice } = ending as Record<string, string>;
  return {
    reason: endReason as HowTold["reason"],
    time: iso(endedAt),
    by: { id: endedBy!, ...(displacedByDevice !== undefined && { device: displacedByDevice }) },
  };
}

/** Whether both say the same. */
export const endingsFit = (one: HowTold, other: HowTold): boolean =>
  one.reason === other.reason &&
  one.time === other.time &&
  one.by?.id === other.by?.id &&
  one.by?.device === other.by?.device;
