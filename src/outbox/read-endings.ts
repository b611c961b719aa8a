import { batchGet, type BatchDependencies } from "../dynamodb/batch.ts";
import type { Ending } from "../sessions/ending.ts";
import { fromEndingItem } from "../sessions/items.ts";
import { transactGet } from "../sessions/read.ts";
import { endingKey, sessionIdInEndingKey, sessionKey } from "../sessions/table.ts";
import type { SessionId } from "../sessions/token.ts";
import { hasTimedOut, isOfBefore, type Removal } from "./how-ended.ts";

/** What is read for the removal of an item. */
export type Removed = Pick<Removal, "session" | "at">;

/**
 * The endings of sessions whose items were removed: all by one consistent read. A removal can be in the
 * stream while its transaction is still being applied, item by item, so that its ending cannot be read yet.
 * Where one is missing that should be there, or is so old that it may be about to be replaced, the read of a
 * transaction waits for the other.
 * @returns the endings by session id; a session without one is not in it.
 * @throws StoreUnavailableError where DynamoDB's patience, or ours, ends first.
 */
export async function readEndings(
  dependencies: BatchDependencies,
  removals: readonly Removed[],
): Promise<ReadonlyMap<SessionId, Ending>> {
  const endings = new Map<SessionId, Ending>();
  // A batch of Lambda's may hold a session twice: copied in again, and removed again.
  const byId = new Map(removals.map((removal) => [removal.session.id, removal]));
  const keep = (item: Record<string, unknown> | undefined): void => {
    if (item === undefined) return;
    const id = sessionIdInEndingKey(item["pk"] as string) as SessionId;
    endings.set(id, fromEndingItem(id, item));
  };
  const items = await batchGet(
    dependencies,
    [...byId.keys()].map((id) => endingKey(id)),
  );
  items.forEach(keep);
  const missing = [...byId.values()].filter((removal) => {
    const ending = endings.get(removal.session.id);
    return ending === undefined ? !hasTimedOut(removal) : isOfBefore(ending, removal);
  });
  await Promise.all(
    missing.map(async ({ session }) => {
      // Both, so that a transaction which holds either is waited for.
      const [, ending] = await transactGet(dependencies, [sessionKey(session.id), endingKey(session.id)]);
      keep(ending);
    }),
  );
  return endings;
}
