import { GetCommand, TransactGetCommand } from "@aws-sdk/lib-dynamodb";
import { Backoff } from "../dynamodb/backoff.ts";
import type { BatchDependencies } from "../dynamodb/batch.ts";
import type { StoreDependencies } from "./dependencies.ts";
import type { Ending } from "./ending.ts";
import { StoreUnavailableError } from "../dynamodb/errors.ts";
import { cancellationReasons, faultKind, reading } from "../dynamodb/faults.ts";
import { fromEndingItem, fromRosterItem, fromSessionItem } from "./items.ts";
import type { Roster } from "./roster.ts";
import { isUnexpired, type Session } from "./session.ts";
import { sessionIdOf, type Credential } from "./sign-in.ts";
import { endingKey, rosterKey, sessionKey } from "./table.ts";
import type { SessionId } from "./token.ts";

type Item = Record<string, unknown>;
interface Key {
  readonly pk: string;
}

/**
 * The item's session, whether expired or not; `undefined` where there is no item. Consistent: one read unit.
 */
export async function readSession(
  dependencies: StoreDependencies,
  id: SessionId,
): Promise<Session | undefined> {
  const item = await getItem(dependencies, sessionKey(id));
  return item === undefined ? undefined : fromSessionItem(id, item);
}

export async function readEnding(
  dependencies: StoreDependencies,
  id: SessionId,
): Promise<Ending | undefined> {
  const item = await getItem(dependencies, endingKey(id));
  return item === undefined ? undefined : fromEndingItem(id, item);
}

/**
 * The ending of a session that was found gone. A transaction is applied item by item, so the delete may be
 * visible before the ending is: a transaction that is still to put it is waited for, up to four seconds or
 * the time that the call has.
 * @throws StoreUnavailableError after that.
 */
export async function readSettledEnding(
  dependencies: StoreDependencies,
  id: SessionId,
): Promise<Ending | undefined> {
  const [item] = await transactGet(dependencies, [endingKey(id)]);
  return item && fromEndingItem(id, item);
}

export async function readRoster(dependencies: StoreDependencies, userId: string): Promise<Roster> {
  return fromRosterItem(await getItem(dependencies, rosterKey(userId)));
}

/** The live session of what a client shows. A dead one is left alone: nothing of it is left to end. */
export async function readPresented(
  dependencies: StoreDependencies,
  presented: Credential | undefined,
): Promise<Session | undefined> {
  if (presented === undefined) return undefined;
  const session = await readSession(dependencies, sessionIdOf(presented, dependencies.settings.era));
  return session !== undefined && isUnexpired(session, dependencies.clock()) ? session : undefined;
}

async function getItem({ documents, tableName }: StoreDependencies, key: Key): Promise<Item | undefined> {
  const answer = await reading(() =>
    documents.send(new GetCommand({ TableName: tableName, Key: key, ConsistentRead: true })),
  );
  return answer.Item;
}

export interface RosterWithSessions {
  readonly roster: Roster;
  readonly sessions: ReadonlyMap<SessionId, Session>;
}

/** For the reads of one user in all, and again for the tries of each. */
const TRANSACT_GET_BACKOFF = { firstMs: 25, longestMs: 500, patienceMs: 4000 };

/**
 * The roster and the sessions it lists as of one instant. Plain reads beside a running commit may see the
 * roster of after and a session of before; a transaction's reads may not.
 */
export async function readRosterWithSessions(
  dependencies: StoreDependencies,
  userId: string,
  roster: Roster,
): Promise<RosterWithSessions> {
  const backoff = new Backoff(dependencies, TRANSACT_GET_BACKOFF);
  let ids = roster.entries.map((entry) => entry.id);
  for (let read = 1; ; read++) {
    const [rosterItem, ...sessionItems] = await transactGet(dependencies, [
      rosterKey(userId),
      ...ids.map((id) => sessionKey(id)),
    ]);
    const current = fromRosterItem(rosterItem);
    const sessions = new Map(
      ids.flatMap((id, index) => {
        const item = sessionItems[index];
        return item === undefined ? [] : [[id, fromSessionItem(id, item)] as const];
      }),
    );
    const listed = current.entries.map((entry) => entry.id);
    if (listed.every((id) => ids.includes(id))) return { roster: current, sessions };
    ids = listed;
    // The first read may have begun with no roster at all; a read that finds it moved again waits.
    if (read > 1 && (await backoff.wait()) === "out-of-patience") {
      const message = "too many changes of one user's sessions at once";
      throw new StoreUnavailableError(message, { effect: "none" });
    }
  }
}

const READS_IN_A_TRANSACTION = 100;

/**
 * Items of the sessions table, each as no running transaction is about to change it; those that do not exist
 * are left out.
 */
export async function readSettledItems(
  dependencies: StoreDependencies,
  keys: readonly Key[],
): Promise<Item[]> {
  const found: (Item | undefined)[] = [];
  for (let start = 0; start < keys.length; start += READS_IN_A_TRANSACTION) {
    found.push(...(await readSettled(dependencies, keys.slice(start, start + READS_IN_A_TRANSACTION))));
  }
  return found.filter((item) => item !== undefined);
}

/** One that is being changed must not keep the others waiting, nor they it. */
async function readSettled(
  dependencies: StoreDependencies,
  keys: readonly Key[],
): Promise<(Item | undefined)[]> {
  try {
    return await sendTransactGet(dependencies, keys);
  } catch (error) {
    const reasons = cancellationReasons(error) ?? [];
    const isHeld = (index: number): boolean => reasons[index]?.Code === "TransactionConflict";
    const held = keys.filter((_, index) => isHeld(index));
    const free = keys.filter((_, index) => !isHeld(index));
    if (held.length === 0 || free.length === 0) return transactGet(dependencies, keys);
    const others = await readSettled(dependencies, free);
    const awaited = await Promise.all(held.map((key) => transactGet(dependencies, [key])));
    return [...others, ...awaited.flat()];
  }
}

/** Items of the sessions table as of one instant; a running transaction that writes one is waited for. */
export async function transactGet(
  dependencies: BatchDependencies,
  keys: readonly Key[],
): Promise<(Item | undefined)[]> {
  const backoff = new Backoff(dependencies, TRANSACT_GET_BACKOFF);
  for (;;) {
    try {
      return await sendTransactGet(dependencies, keys);
    } catch (error) {
      if (faultKind(error) === "fault") throw error;
      if ((await backoff.wait()) === "out-of-patience") {
        throw new StoreUnavailableError("DynamoDB did not answer a transactional read", {
          effect: "none",
          cause: error,
        });
      }
    }
  }
}

async function sendTransactGet(
  { documents, tableName }: BatchDependencies,
  keys: readonly Key[],
): Promise<(Item | undefined)[]> {
  const TransactItems = keys.map((key) => ({ Get: { TableName: tableName, Key: key } }));
  const answer = await documents.send(new TransactGetCommand({ TransactItems }));
  return (answer.Responses ?? []).map((response) => response.Item);
}
