import { BatchGetCommand, BatchWriteCommand, type BatchWriteCommandInput } from "@aws-sdk/lib-dynamodb";
import { Backoff, type BackoffDependencies } from "./backoff.ts";
import type { DocumentClient } from "./document-client.ts";
import { StoreUnavailableError } from "./errors.ts";
import { faultKind } from "./faults.ts";

/** DynamoDB's own limits of one request. */
const READS_IN_A_BATCH = 100;
export const WRITES_IN_A_BATCH = 25;
/**
 * Batches under way at once: enough to hide the round trips, few enough for one function's sockets and
 * memory.
 */
export const BATCHES_AT_ONCE = 8;

const BATCH_BACKOFF = { firstMs: 25, longestMs: 1000, patienceMs: 10_000 };

export interface BatchDependencies extends BackoffDependencies {
  readonly documents: DocumentClient;
  readonly tableName: string;
}

type Item = Record<string, unknown>;
type WriteRequest = NonNullable<BatchWriteCommandInput["RequestItems"]>[string][number];

/** A put of an item or a delete of a key, as one entry of a batch. */
export const batchPut = (item: Item): WriteRequest => ({ PutRequest: { Item: item } });
export const batchDelete = (key: Item): WriteRequest => ({ DeleteRequest: { Key: key } });

/**
 * Reads items consistently, 100 at a time, asking again for what DynamoDB left unprocessed until none is
 * left. Items that do not exist are not in the answer, which has no order. `keys` must not repeat.
 * @throws {@link StoreUnavailableError} when the patience ends before the keys do.
 */
export async function batchGet(dependencies: BatchDependencies, keys: readonly Item[]): Promise<Item[]> {
  const found: Item[] = [];
  await eachAtOnce(chunks(keys, READS_IN_A_BATCH), async (chunk) => {
    await untilProcessed(dependencies, chunk, "none", async (left) => {
      const answer = await dependencies.documents.send(
        new BatchGetCommand({
          RequestItems: { [dependencies.tableName]: { Keys: left, ConsistentRead: true } },
        }),
      );
      found.push(...(answer.Responses?.[dependencies.tableName] ?? []));
      return answer.UnprocessedKeys?.[dependencies.tableName]?.Keys ?? [];
    });
  });
  return found;
}

/**
 * Writes, 25 at a time, trying again what was left unprocessed or met a running transaction until none is
 * left. No order holds among the writes. `stop` is asked before each batch: once it says true, no further
 * batch is begun.
 * @returns the writes that were not carried out, in the order given; empty unless `stop` said true or the
 * database gave out.
 */
export async function batchWrite(
  dependencies: BatchDependencies,
  batches: readonly (readonly WriteRequest[])[],
  stop: () => boolean = () => false,
): Promise<WriteRequest[]> {
  const undone: WriteRequest[][] = [];
  await eachAtOnce(batches, async (batch, index) => {
    if (stop()) {
      undone[index] = [...batch];
      return;
    }
    let left: readonly WriteRequest[] = batch;
    try {
      await untilProcessed(dependencies, batch, "unknown", async (pending) => {
        const answer = await dependencies.documents.send(
          new BatchWriteCommand({ RequestItems: { [dependencies.tableName]: [...pending] } }),
        );
        left = answer.UnprocessedItems?.[dependencies.tableName] ?? [];
        return left;
      });
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error;
      undone[index] = [...left];
    }
  });
  return undone.flat();
}

/** Splits writes into batches as large as DynamoDB takes. */
export const writeBatches = (writes: readonly WriteRequest[]): WriteRequest[][] =>
  chunks(writes, WRITES_IN_A_BATCH);

/**
 * Sends a chunk, then what is left of it, with backoff. A whole request refused or unanswered is sent again:
 * repeating is harmless.
 */
async function untilProcessed<T>(
  dependencies: BatchDependencies,
  chunk: readonly T[],
  effect: "none" | "unknown",
  send: (left: T[]) => Promise<readonly unknown[]>,
): Promise<void> {
  const backoff = new Backoff(dependencies, BATCH_BACKOFF);
  let left: readonly T[] = chunk;
  let cause: unknown;
  for (;;) {
    try {
      left = (await send([...left])) as readonly T[];
      if (left.length === 0) return;
    } catch (error) {
      if (faultKind(error) === "fault") throw error;
      cause = error;
    }
    if ((await backoff.wait()) === "out-of-patience") {
      throw new StoreUnavailableError("DynamoDB did not carry out a whole batch", { effect, cause });
    }
  }
}

function chunks<T>(things: readonly T[], size: number): T[][] {
  const result: T[][] = [];
  for (let start = 0; start < things.length; start += size) result.push(things.slice(start, start + size));
  return result;
}

/** Runs a task for each thing, a few at a time. */
async function eachAtOnce<T>(
  things: readonly T[],
  task: (thing: T, index: number) => Promise<void>,
): Promise<void> {
  const remaining = things.entries();
  const worker = async (): Promise<void> => {
    for (const [index, thing] of remaining) await task(thing, index);
  };
  await Promise.all(Array.from({ length: Math.min(BATCHES_AT_ONCE, things.length) }, worker));
}
