import type { UserSessionView } from "../../../src/api/parts/views.ts";

/** One user and the live sessions that are known of it. */
export interface UserRow {
  readonly userId: string;
  readonly isAdmin: boolean;
  readonly sessions: readonly UserSessionView[];
}

/**
 * The users of a list of sessions, in its order. The list has a user's sessions one after the other; where
 * more pages follow, the last user's may go on in the next one, and so waits for it, that no row says too
 * little.
 */
export function toUserRows(sessions: readonly UserSessionView[], hasMore: boolean): UserRow[] {
  const byUser = new Map<string, UserSessionView[]>();
  for (const session of sessions)
    byUser.set(session.userId, [...(byUser.get(session.userId) ?? []), session]);
  const rows = [...byUser].map(([userId, own]) => ({
    userId,
    isAdmin: own.some(({ isAdmin }) => isAdmin),
    sessions: [...own].sort((a, b) => b.lastSeenAt.localeCompare(a.lastSeenAt)),
  }));
  return hasMore && rows.length > 1 ? rows.slice(0, -1) : rows;
}

/** How many sessions rows have in all. */
export const sessionCountOf = (rows: readonly UserRow[]): number =>
  rows.reduce((sum, { sessions }) => sum + sessions.length, 0);

/**
 * Whether a user is found by a text: the id begins with it, or what follows the name of the source does, in
 * either case whatever the case of the letters.
 */
export function matchesFind(userId: string, text: string): boolean {
  const [id, wanted] = [userId.toLowerCase(), text.toLowerCase()];
  return id.startsWith(wanted) || id.slice(id.indexOf(":") + 1).startsWith(wanted);
}
