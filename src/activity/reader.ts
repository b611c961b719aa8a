import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { DocumentClient } from "../dynamodb/document-client.ts";
import { reading } from "../dynamodb/faults.ts";
import { ENDED_REASONS, type EndedReason } from "../sessions/ending.ts";
import { ACTIVITY_KINDS, ACTIVITY_MS, USERS_ACTIVITY_MS, type ActivityRecord } from "./activity.ts";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import { fromRecordItem, HOUR_MS, hourOf, listsOf, orderOf, SUSPECTS_LIST, type Item } from "./items.ts";
import { mergeLists } from "./merge-lists.ts";
import { placeIn, readPart, type ListFilter, type OrderedList } from "./ordered-list.ts";
import type {
  ActivityHour,
  ActivityHours,
  ActivityListRequest,
  ActivityPage,
  ActivityReader,
  Suspect,
} from "./store.ts";
import { fromSuspectItem } from "./suspects.ts";
import { BY_LIST_INDEX, BY_USER_INDEX, hourInKey, hourKey, SORT_KEY } from "./table.ts";

export interface ActivityReaderDependencies {
  readonly documents: DocumentClient;
  /** The activity table. */
  readonly tableName: string;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/** Reads activity. TTL may be late by days, so it is here that what is too old ends. */
export function createActivityReader(dependencies: ActivityReaderDependencies): ActivityReader {
  return {
    hours: (range) => readHours(dependencies, range),
    list: (request) =>
      request.userId === undefined
        ? listEverybody(dependencies, request)
        : listUser(dependencies, request, request.userId),
    suspects: (request) => listSuspects(dependencies, request),
  };
}

/** The last place of a time, after all that have an id. */
const endOf = (at: number): string => `${orderOf(at)}~`;

/** Queries for one page of a user's, where most of what they look at is of other kinds. */
const MOST_ROUNDS = 5;

async function listUser(
  dependencies: ActivityReaderDependencies,
  { kinds, from, to, limit, cursor }: ActivityListRequest,
  userId: string,
): Promise<ActivityPage<ActivityRecord>> {
  const name = `user ${userId}`;
  let below = decodeCursor(name, cursor);
  const oldest = Math.max(from, dependencies.clock() - USERS_ACTIVITY_MS, 0);
  const list: OrderedList = {
    index: BY_USER_INDEX,
    partition: userId,
    from: orderOf(oldest),
    to: endOf(to),
  };
  const items: Item[] = [];
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const left = limit - items.length;
    const part = await readPart(dependencies, list, { limit: left, below, filter: ofKinds(kinds) });
    items.push(...part.items);
    if (part.next === undefined) return { items: items.map(fromRecordItem) };
    below = part.next;
    if (items.length >= limit) break;
  }
  return {
    items: items.map(fromRecordItem),
    ...(below !== undefined && { cursor: encodeCursor(name, below) }),
  };
}

function ofKinds(kinds: ActivityListRequest["kinds"]): ListFilter | undefined {
  if (kinds === undefined) return undefined;
  const values = Object.fromEntries(kinds.map((kind, index) => [`:kind${index}`, kind]));
  return { expression: `kind IN (${Object.keys(values).join(", ")})`, names: {}, values };
}

async function listEverybody(
  dependencies: ActivityReaderDependencies,
  { kinds = ACTIVITY_KINDS, from, to, limit, cursor }: ActivityListRequest,
): Promise<ActivityPage<ActivityRecord>> {
  const name = "everybody";
  const below = decodeCursor(name, cursor);
  const oldest = Math.max(from, dependencies.clock() - ACTIVITY_MS, 0);
  const lists = listsOf(kinds).map((partition) => ({
    ...{ index: BY_LIST_INDEX, partition, from: orderOf(oldest), to: endOf(to) },
  }));
  const { items, hasMore } = await mergeLists(dependencies, lists, { limit, below });
  const last = items.at(-1);
  return {
    items: items.map(fromRecordItem),
    ...(hasMore && last !== undefined && { cursor: encodeCursor(name, placeIn(last)) }),
  };
}

async function listSuspects(
  dependencies: ActivityReaderDependencies,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string },
): Promise<ActivityPage<Suspect>> {
  const name = SUSPECTS_LIST;
  const below = decodeCursor(name, cursor);
  const now = dependencies.clock();
  const list: OrderedList = {
    index: BY_LIST_INDEX,
    partition: SUSPECTS_LIST,
    from: orderOf(Math.max(now - ACTIVITY_MS, 0)),
    to: endOf(now),
  };
  const { items, next } = await readPart(dependencies, list, { limit, below });
  return {
    items: items.map(fromSuspectItem),
    ...(next !== undefined && { cursor: encodeCursor(name, next) }),
  };
}

/** A measurement is made each quarter of an hour; older than this, it says nothing of now. */
const LIVE_IS_OF_NOW_MS = HOUR_MS;

async function readHours(
  dependencies: ActivityReaderDependencies,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<ActivityHours> {
  const now = dependencies.clock();
  const first = hourOf(Math.max(from, now - ACTIVITY_MS));
  const last = hourOf(Math.min(to, now));
  const [items, latest] = await Promise.all([
    queryHours(dependencies, first, last),
    queryHours(dependencies, hourOf(now) - HOUR_MS, hourOf(now)),
  ]);
  const byHour = new Map(items.map((item) => [hourInKey(item[SORT_KEY] as string), item]));
  const hours: ActivityHour[] = [];
  for (let hour = first; hour <= last; hour += HOUR_MS) hours.push(toHour(hour, byHour.get(hour) ?? {}));
  const measured = latest.findLast(
    ({ liveAt }) => now - ((liveAt as number | undefined) ?? 0) <= LIVE_IS_OF_NOW_MS,
  );
  return { hours, live: measured?.["live"] as number | undefined };
}

/** The items of the hours from one to another, oldest first; they are a megabyte at most. */
export async function queryHours(
  { documents, tableName }: Pick<ActivityReaderDependencies, "documents" | "tableName">,
  first: number,
  last: number,
): Promise<readonly Item[]> {
  if (last < first) return [];
  const { pk, sk } = hourKey(first);
  const items: Item[] = [];
  let start: Item | undefined;
  do {
    const answer = await reading(() =>
      documents.send(
        new QueryCommand({
          TableName: tableName,
          KeyConditionExpression: "pk = :pk AND sk BETWEEN :first AND :last",
          ExpressionAttributeValues: { ":pk": pk, ":first": sk, ":last": hourKey(last).sk },
          ...(start && { ExclusiveStartKey: start }),
        }),
      ),
    );
    items.push(...(answer.Items ?? []));
    start = answer.LastEvaluatedKey;
  } while (start !== undefined);
  return items;
}

function toHour(hour: number, item: Item): ActivityHour {
  const count = (name: string): number => (item[name] as number | undefined) ?? 0;
  const ended = Object.fromEntries(ENDED_REASONS.map((reason) => [reason, count(`ended_${reason}`)]));
  return {
    hour,
    started: count("started"),
    ended: ended as Record<EndedReason, number>,
    denied: count("denied"),
    throttled: count("throttled"),
    suspected: count("suspected"),
    live: item["live"] as number | undefined,
  };
}
