/**
 * Names of the sessions table: keys, attributes, indexes. It imports nothing, so that the CDK construct and
 * the functions share it and cannot drift apart.
 */

/** Attributes that DynamoDB itself must know of: keys, index keys, time to live. */
export const PARTITION_KEY = "pk";
/** Epoch *seconds*, as DynamoDB's TTL wants them; every other time in the table is epoch milliseconds. */
export const TTL_ATTRIBUTE = "ttl";

/**
 * The user-ID index. Only session items carry `userId`, so it holds sessions and nothing else. Keys only: a
 * touch changes no key, so it writes no index.
 */
export const BY_USER_INDEX = {
  name: "byUser",
  partitionKey: "userId",
  sortKey: "createdAt",
  projection: "keys-only",
} as const;

/** The sparse index of how a user's sessions ended. Only endings carry `endedUserId`. */
export const ENDINGS_BY_USER_INDEX = {
  name: "endingsByUser",
  partitionKey: "endedUserId",
  sortKey: "endedAt",
  projection: "all",
} as const;

/** All indexes of the table. Each sorts a user's items by a time, in epoch milliseconds. */
export const INDEXES = [BY_USER_INDEX, ENDINGS_BY_USER_INDEX] as const;

const SESSION_PREFIX = "session#";
const ROSTER_PREFIX = "user#";
const ENDING_PREFIX = "ended#";

/** Key of a session's item. */
export const sessionKey = (sessionId: string) => ({ pk: SESSION_PREFIX + sessionId }) as const;

/** Key of a user's roster. The prefix keeps a user id such as `session#x` from naming any other item. */
export const rosterKey = (userId: string) => ({ pk: ROSTER_PREFIX + userId }) as const;

/** Key of the record of how a session ended. */
export const endingKey = (sessionId: string) => ({ pk: ENDING_PREFIX + sessionId }) as const;

/** The session id in a key that an index gave. */
export const sessionIdInKey = (pk: string): string => pk.slice(SESSION_PREFIX.length);

/** The user id in a roster's key. */
export const userIdInKey = (pk: string): string => pk.slice(ROSTER_PREFIX.length);

/** The session id in an ending's key. */
export const sessionIdInEndingKey = (pk: string): string => pk.slice(ENDING_PREFIX.length);

/**
 * The attributes a touch writes; the validating functions' grant names them. The last two only where a
 * session is used from another place than before.
 */
export const TOUCHED_ATTRIBUTES = ["lastSeenAt", "idleExpiresAt", "place", "suspectedAt"] as const;

/** What an administrator's logout writes of an ending, beside its key; that function's grant names them. */
export const REVOCATION_ATTRIBUTES = [
  ENDINGS_BY_USER_INDEX.partitionKey,
  "endReason",
  ENDINGS_BY_USER_INDEX.sortKey,
  "endedBy",
  "endedDevice",
  "expiresAt",
  TTL_ATTRIBUTE,
] as const;
