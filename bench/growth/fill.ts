import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient, ResourceInUseException } from "@aws-sdk/client-dynamodb";
import { batchDelete, batchPut, batchWrite, writeBatches } from "../../src/dynamodb/batch.ts";
import type { DocumentClient } from "../../src/dynamodb/document-client.ts";
import { createTable, type TableShape } from "../../test/support/tables.ts";
import type { Undo } from "./operations.ts";

/** What a table is filled with. */
export interface FillPlan {
  readonly tableName: string;
  readonly users: number;
  /** The first user whose items may be missing; what comes before is there already. */
  readonly from: number;
}

/** Users written in one go: whole batches, and short enough for progress and for stopping. */
const USERS_IN_A_STRIDE = 2000;

/** Creates a table of the engine that the environment names, if it is not there. */
export async function ensureTable(name: string, shape: TableShape): Promise<void> {
  const client = new DynamoDBClient({});
  try {
    await createTable(client, shape, name);
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  } finally {
    client.destroy();
  }
}

/**
 * Writes the items of the users with `BatchWriteItem`, one stride after the other. To write an item again
 * changes nothing, so that an interrupted filling goes on from `from`.
 * @param filledTo is told how many of the first users are in the table for certain.
 */
export async function fill(
  documents: DocumentClient,
  { tableName, users, from }: FillPlan,
  itemsOf: (number: number) => Record<string, unknown>[],
  filledTo: (users: number) => void,
  stop: AbortSignal,
): Promise<void> {
  for (let start = from; start < users && !stop.aborted; start += USERS_IN_A_STRIDE) {
    const end = Math.min(start + USERS_IN_A_STRIDE, users);
    const items = Array.from({ length: end - start }, (_, index) => itemsOf(start + index)).flat();
    await put(documents, tableName, items);
    filledTo(end);
  }
}

/** Puts items, however many. */
export const put = (
  documents: DocumentClient,
  tableName: string,
  items: readonly Record<string, unknown>[],
): Promise<void> => write(documents, tableName, { put: items, remove: [] });

/** Puts and deletes items, however many. @throws Error where the database left something unwritten. */
export async function write(documents: DocumentClient, tableName: string, change: Undo): Promise<void> {
  const undone = await batchWrite(
    { documents, tableName, sleep, jitter: Math.random, stopwatch: () => performance.now() },
    writeBatches([...change.put.map(batchPut), ...change.remove.map(batchDelete)]),
  );
  if (undone.length > 0) throw new Error(`${undone.length} items were not written`);
}
