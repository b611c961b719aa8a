/**
 * Names of the activity table: keys, attributes, indexes. It imports nothing, so that the CDK construct and
 * the functions share it and cannot drift apart.
 */

/** Attributes that DynamoDB itself must know of: keys, index keys, time to live. */
export const PARTITION_KEY = "pk";
export const SORT_KEY = "sk";
/** Epoch *seconds*, as DynamoDB's TTL wants them; every other time in the table is epoch milliseconds. */
export const TTL_ATTRIBUTE = "ttl";

/** By what both indexes sort: time, then id, as text, so that no two items are alike. */
const ORDER = "order";

/** What happened to a user. Only records of a user carry `userId`. */
export const BY_USER_INDEX = { name: "byUser", partitionKey: "userId", sortKey: ORDER } as const;

/**
 * What happened to everybody, in lists: one or more for each kind, since one of an index takes a thousand
 * writes a second, and holds the table up beyond it.
 */
export const BY_LIST_INDEX = { name: "byList", partitionKey: "list", sortKey: ORDER } as const;

export const INDEXES = [BY_USER_INDEX, BY_LIST_INDEX] as const;

const RECORD_PREFIX = "event#";
const SUSPECT_PREFIX = "suspect#";
const HOURS = "hours";

/** Key of a record. */
export const recordKey = (id: string) => ({ pk: RECORD_PREFIX + id, sk: "record" }) as const;

/** The record's id in its key. */
export const recordIdInKey = (pk: string): string => pk.slice(RECORD_PREFIX.length);

/** Key of the counters of an hour: all hours are one query. @param hour its beginning, epoch milliseconds. */
export const hourKey = (hour: number) =>
  ({ pk: HOURS, sk: new Date(hour).toISOString().slice(0, 13) }) as const;

/** When the hour of a key began, in epoch milliseconds. */
export const hourInKey = (sk: string): number => Date.parse(`${sk}:00:00.000Z`);

/** Key of what is known of one suspect. */
export const suspectKey = (userId: string) => ({ pk: SUSPECT_PREFIX + userId, sk: "suspect" }) as const;

/** The user id in a suspect's key. */
export const userIdInSuspectKey = (pk: string): string => pk.slice(SUSPECT_PREFIX.length);
