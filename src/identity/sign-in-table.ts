/**
 * Names of the sign-in table: what is remembered of attempts to sign in, beside the sessions that came of
 * them. It imports nothing, so that the CDK construct and the functions share it and cannot drift apart.
 */
export const PARTITION_KEY = "pk";
/**
 * Epoch *seconds*, as DynamoDB's TTL wants them. Deletion may be days late: each read of an item checks its
 * time.
 */
export const TTL_ATTRIBUTE = "ttl";

const USED_TOKEN_PREFIX = "token#";
const FAILURES_PREFIX = "failures#";
const DEVICE_PREFIX = "device#";

/** Key of the mark that an id token has signed in. */
export const usedTokenKey = (tokenId: string) => ({ pk: USED_TOKEN_PREFIX + tokenId }) as const;

/** Key of a count of failed attempts. */
export const failuresKey = (subject: string) => ({ pk: FAILURES_PREFIX + subject }) as const;

/** Key of a device that has signed in before. */
export const deviceKey = (deviceHash: string) => ({ pk: DEVICE_PREFIX + deviceHash }) as const;
