import { QueryCommand, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { batchGet } from "../dynamodb/batch.ts";
import { decodeCursor, encodeCursor, type IndexKey } from "./cursor.ts";
import type { StoreDependencies } from "./dependencies.ts";
import type { Ending } from "./ending.ts";
import { reading } from "../dynamodb/faults.ts";
import { fromEndingItem, fromSessionItem } from "./items.ts";
import { isUnexpired, type Session } from "./session.ts";
import type { Page, PageRequest } from "./store.ts";
import {
  BY_USER_INDEX,
  ENDINGS_BY_USER_INDEX,
  PARTITION_KEY,
  sessionIdInEndingKey,
  sessionIdInKey,
  sessionKey,
} from "./table.ts";
import type { SessionId } from "./token.ts";

/**
 * Listings. Ids come from an index, which lags; the sessions themselves are read consistently, so that no
 * list shows an ended one. A session made a moment ago may be missing. Nothing is ever decided by a listing.
 */

interface IndexPage {
  readonly keys: readonly IndexKey[];
  readonly next: IndexKey | undefined;
}

/** A user's live sessions, newest first. */
export async function listUser(
  dependencies: StoreDependencies,
  userId: string,
  page: PageRequest,
): Promise<Page<Session>> {
  const index = await queryIndex(dependencies, BY_USER_INDEX, userId, page);
  return sessionsOf(dependencies, BY_USER_INDEX.name, index);
}

/** Everybody's live sessions, in the order of the index, which means nothing to people. */
export async function listAll(dependencies: StoreDependencies, page: PageRequest): Promise<Page<Session>> {
  const { documents, tableName } = dependencies;
  const start = decodeCursor(BY_USER_INDEX, page.cursor);
  const answer = await reading(() =>
    documents.send(
      new ScanCommand({
        TableName: tableName,
        IndexName: BY_USER_INDEX.name,
        Limit: page.limit,
        ExclusiveStartKey: start,
      }),
    ),
  );
  return sessionsOf(dependencies, BY_USER_INDEX.name, {
    keys: (answer.Items ?? []) as unknown as IndexKey[],
    next: answer.LastEvaluatedKey as IndexKey | undefined,
  });
}

/** How a user's sessions ended, newest first. */
export async function listEndings(
  dependencies: StoreDependencies,
  userId: string,
  page: PageRequest,
): Promise<Page<Ending>> {
  const { keys, next } = await queryIndex(dependencies, ENDINGS_BY_USER_INDEX, userId, page);
  return {
    items: keys.map((item) => fromEndingItem(sessionIdInEndingKey(item[PARTITION_KEY]) as SessionId, item)),
    ...cursorOf(ENDINGS_BY_USER_INDEX.name, next),
  };
}

async function queryIndex(
  { documents, tableName }: StoreDependencies,
  index: typeof BY_USER_INDEX | typeof ENDINGS_BY_USER_INDEX,
  userId: string,
  page: PageRequest,
): Promise<IndexPage> {
  const start = decodeCursor(index, page.cursor, userId);
  const answer = await reading(() =>
    documents.send(
      new QueryCommand({
        TableName: tableName,
        IndexName: index.name,
        KeyConditionExpression: "#user = :user",
        ExpressionAttributeNames: { "#user": index.partitionKey },
        ExpressionAttributeValues: { ":user": userId },
        ScanIndexForward: false,
        Limit: page.limit,
        ExclusiveStartKey: start,
      }),
    ),
  );
  return {
    keys: (answer.Items ?? []) as unknown as IndexKey[],
    next: answer.LastEvaluatedKey as IndexKey | undefined,
  };
}

async function sessionsOf(
  dependencies: StoreDependencies,
  indexName: string,
  { keys, next }: IndexPage,
): Promise<Page<Session>> {
  const ids = keys.map((key) => sessionIdInKey(key[PARTITION_KEY]) as SessionId);
  const items = await batchGet(
    dependencies,
    ids.map((id) => sessionKey(id)),
  );
  const now = dependencies.clock();
  const byKey = new Map(items.map((item) => [item[PARTITION_KEY], item]));
  const sessions = ids.flatMap((id) => {
    const item = byKey.get(sessionKey(id).pk);
    return item === undefined ? [] : [fromSessionItem(id, item)];
  });
  return {
    items: sessions.filter(
      (session) => isUnexpired(session, now) && session.era === dependencies.settings.era,
    ),
    ...cursorOf(indexName, next),
  };
}

const cursorOf = (indexName: string, next: IndexKey | undefined): { cursor?: string } =>
  next === undefined ? {} : { cursor: encodeCursor(indexName, next) };
