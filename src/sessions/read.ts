import { GetCommand, TransactGetCommand } from "@aws-sdk/lib-dynamodb";
import { Backoff } from "../dynamodb/backoff.ts";
import type { StoreDependencies } from "./dependencies.ts";
import type { Ending } from "./ending.ts";
import { StoreUnavailableError } from "../dynamodb/errors.ts";
import { faultKind, reading } from "../dynamodb/faults.ts";
import { fromEndingItem, fromRosterItem, fromSessionItem } from "./items.ts";
import type { Roster } from "./roster.ts";
import type { Session } from "./session.ts";
import { endingKey, rosterKey, sessionKey } from "./table.ts";
import type { SessionId } from "./token.ts";

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

export async function readRoster(dependencies: StoreDependencies, userId: string): Promise<Roster> {
  return fromRosterItem(await getItem(dependencies, rosterKey(userId)));
}

async function getItem(
  { documents, tableName }: StoreDependencies,
  key: { readonly pk: string },
): Promise<Record<string, unknown> | undefined> {
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
    // The first read may have begun with no roster at all; whoever finds it moved again waits.
    if (read > 1 && (await backoff.wait()) === "out-of-patience") {
      const message = "too many changes of one user's sessions at once";
      throw new StoreUnavailableError(message, { effect: "none" });
    }
  }
}

async function transactGet(
  dependencies: StoreDependencies,
  keys: readonly { readonly pk: string }[],
): Promise<(Record<string, unknown> | undefined)[]> {
  const { documents, tableName } = dependencies;
  const backoff = new Backoff(dependencies, TRANSACT_GET_BACKOFF);
  for (;;) {
    try {
      const answer = await documents.send(
        new TransactGetCommand({
          TransactItems: keys.map((key) => ({ Get: { TableName: tableName, Key: key } })),
        }),
      );
      return (answer.Responses ?? []).map((response) => response.Item);
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
