import type { StoreDependencies } from "./dependencies.ts";
import { fromEndingItem, fromRosterItem, fromSessionItem } from "./items.ts";
import { readSettledEnding, transactGet } from "./read.ts";
import { leavingIds, type Roster } from "./roster.ts";
import { isUnexpired, type Session } from "./session.ts";
import { WHOLE_AFTER_MS } from "./seen-whole.ts";
import type { Validation } from "./store.ts";
import { endingKey, rosterKey, sessionKey } from "./table.ts";
import type { SessionId } from "./token.ts";

/**
 * What there is of a bound session whose sign-in is spent, by transactional reads: a commit that is just
 * being applied is waited for. The mark of the sign-in may be visible before its session.
 */
export async function lookAgain(
  dependencies: StoreDependencies,
  userId: string,
  id: SessionId,
): Promise<Validation> {
  const [session, roster, ending] = await transactGet(dependencies, [
    sessionKey(id),
    rosterKey(userId),
    endingKey(id),
  ]);
  if (session !== undefined) return whole(dependencies, fromSessionItem(id, session), fromRosterItem(roster));
  return ending === undefined
    ? { outcome: "unknown" }
    : { outcome: "ended", ending: fromEndingItem(id, ending) };
}

/**
 * A bound session that a plain read found live. While it is young, the commit that made it may still be under
 * way, and what it displaces may still validate: then it is live only when that is through (I4).
 */
export async function seenWhole(dependencies: StoreDependencies, session: Session): Promise<Validation> {
  const { clock, seenWhole: seen } = dependencies;
  const { id, user, createdAt } = session;
  if (clock() - createdAt >= WHOLE_AFTER_MS || seen.has(id)) return { outcome: "live", session };
  const [item, roster] = await transactGet(dependencies, [sessionKey(id), rosterKey(user.id)]);
  if (item !== undefined) return whole(dependencies, fromSessionItem(id, item), fromRosterItem(roster));
  // What deleted it since may still be writing why.
  const ending = await readSettledEnding(dependencies, id);
  return ending === undefined ? { outcome: "unknown" } : { outcome: "ended", ending };
}

/** Waits for what the last commit deletes, too: nothing of it validates beside the answer. */
async function whole(dependencies: StoreDependencies, session: Session, roster: Roster): Promise<Validation> {
  const { clock, seenWhole: seen } = dependencies;
  if (!isUnexpired(session, clock())) return { outcome: "expired", session };
  const leaving = leavingIds(roster, clock());
  if (leaving.length > 0)
    await transactGet(
      dependencies,
      leaving.map((id) => sessionKey(id)),
    );
  seen.add(session.id);
  return { outcome: "live", session };
}
