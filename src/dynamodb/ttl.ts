/** A moment as the TTL attribute of an item has it: epoch seconds, never before that moment. */
export const ttlOf = (epochMs: number): number => Math.ceil(epochMs / 1000);
