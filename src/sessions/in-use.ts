import type { StoreDependencies } from "./dependencies.ts";
import { readSession } from "./read.ts";
import type { RosterEntry } from "./roster.ts";
import { touchInterval, type Session } from "./session.ts";
import type { SessionId } from "./token.ts";

const INTERVALS = 2;

/**
 * Which of the sessions that a login displaces were in use: seen within two touch intervals. Where nothing
 * tells yet, each is read. It decides about a sign of account sharing and about no session: nothing is read
 * where a device keeps no cookie, of which no sign can come.
 */
export async function inUseAmong(
  dependencies: StoreDependencies,
  {
    displaced,
    sessions,
    by,
  }: {
    readonly displaced: readonly RosterEntry[];
    /** As far as they were read. */
    readonly sessions: ReadonlyMap<SessionId, Session> | undefined;
    readonly by: Pick<Session, "createdAt" | "device">;
  },
): Promise<ReadonlySet<SessionId>> {
  if (by.device.id === undefined) return new Set();
  const since = by.createdAt - INTERVALS * touchInterval(dependencies.settings.timeouts);
  const known = displaced.filter(({ device }) => device.id !== undefined && device.id !== by.device.id);
  const seen = await Promise.all(
    known.map(async ({ id, createdAt }) => {
      if (createdAt >= since) return [id];
      const lastSeenAt = sessions?.get(id)?.lastSeenAt ?? (await readLastSeen(dependencies, id));
      return lastSeenAt >= since ? [id] : [];
    }),
  );
  return new Set(seen.flat());
}

/** A sign that is missed is better than a login that fails for it. */
async function readLastSeen(dependencies: StoreDependencies, id: SessionId): Promise<number> {
  try {
    return (await readSession(dependencies, id))?.lastSeenAt ?? 0;
  } catch {
    return 0;
  }
}
