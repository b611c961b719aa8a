/**
 * Names of the password directory's table. It imports nothing, so that the CDK construct and the functions
 * share it and cannot drift apart.
 */
export const PARTITION_KEY = "userName";

/** Key of a directory user's item. */
export const directoryKey = (userName: string) => ({ userName }) as const;
