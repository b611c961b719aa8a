/** The processes that fill tables, and the store without an index. Times are milliseconds. */
import { createHash } from "node:crypto";
import { DynamoDBClient, ResourceInUseException } from "@aws-sdk/client-dynamodb";
import { ScanCommand, type ScanCommandOutput } from "@aws-sdk/lib-dynamodb";
import { createDocumentClient } from "../../src/dynamodb/client.ts";
import type { DocumentClient } from "../../src/dynamodb/document-client.ts";
import { createTable, SESSIONS, type TableShape } from "../../test/support/tables.ts";
import type { Work } from "../support/child.ts";
import { writeItems, type Item } from "../support/seed.ts";
import { itemsIn, userIdOf, type GrowthTable, type Rosters } from "./population.ts";

/** For a parent that runs these. */
export const FILLING = import.meta.url;

/** How many of the first users are in a table for certain. */
export interface FilledTo {
  readonly filledTo: number;
}

export interface ScanMeasurement {
  readonly sessions: number;
  readonly requests: number;
  readonly readUnits: number;
  readonly ms: number;
}

/** Creates a table, if it is not there. */
async function ensureTable(name: string, shape: TableShape): Promise<void> {
  const client = new DynamoDBClient({});
  try {
    await createTable(client, shape, name);
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  } finally {
    client.destroy();
  }
}

/** Users written in one go: whole batches, and short enough for progress and for stopping. */
const USERS_IN_A_STRIDE = 2000;

/** To write an item again changes nothing, so that an interrupted filling goes on from `from`. */
async function fill(
  documents: DocumentClient,
  { tableName, users, from }: { readonly tableName: string; readonly users: number; readonly from: number },
  itemsOf: (number: number) => Item[],
  tell: (message: FilledTo) => void,
  stop: AbortSignal,
): Promise<void> {
  for (let start = from; start < users && !stop.aborted; start += USERS_IN_A_STRIDE) {
    const end = Math.min(start + USERS_IN_A_STRIDE, users);
    const items = Array.from({ length: end - start }, (_, index) => itemsOf(start + index)).flat();
    await writeItems(documents, tableName, items);
    tell({ filledTo: end });
  }
}

/** Fills one table. */
export const fillTable: Work<
  { readonly table: GrowthTable; readonly rosters: Rosters; readonly from: number },
  FilledTo
> = async function fillTable({ table, rosters, from }, tell, stop) {
  const documents = createDocumentClient();
  await ensureTable(table.name, SESSIONS);
  const plan = { tableName: table.name, users: table.sessions, from };
  await fill(documents, plan, itemsIn(table, rosters), tell, stop);
};

const TABLE_WITHOUT_INDEX = "sessions-without-index";

/**
 * What a store without an index of users has to do to log one user out: look at every session there is. Its
 * items are those of `connect-dynamodb`, the user's id being somewhere in the session's JSON.
 */
export const scan: Work<{ readonly sessions: number }, FilledTo | { readonly scan: ScanMeasurement }> =
  async function scan({ sessions }, tell, stop) {
    const documents = createDocumentClient();
    await ensureTable(TABLE_WITHOUT_INDEX, { partitionKey: "id" });
    const plan = { tableName: TABLE_WITHOUT_INDEX, users: sessions, from: 0 };
    await fill(documents, plan, (number) => [connectItem(number)], tell, stop);
    if (stop.aborted) return;
    const userId = userIdOf(Math.floor(sessions / 2));
    const startedAt = performance.now();
    let start: Record<string, unknown> | undefined;
    let [requests, readUnits, found] = [0, 0, 0];
    do {
      const page: ScanCommandOutput = await documents.send(
        new ScanCommand({
          TableName: TABLE_WITHOUT_INDEX,
          FilterExpression: "contains(sess, :user)",
          ExpressionAttributeValues: { ":user": `"user":"${userId}"` },
          ExclusiveStartKey: start,
          ReturnConsumedCapacity: "TOTAL",
        }),
      );
      requests++;
      readUnits += page.ConsumedCapacity?.CapacityUnits ?? 0;
      found += page.Items?.length ?? 0;
      start = page.LastEvaluatedKey;
    } while (start !== undefined);
    if (found !== 1) throw new Error(`the scan found ${found} sessions`);
    tell({ scan: { sessions, requests, readUnits, ms: performance.now() - startedAt } });
  };

function connectItem(number: number): Item {
  const sid = createHash("sha256").update(`sid ${number}`).digest("base64url").slice(0, 32);
  const cookie = { originalMaxAge: null, expires: null, httpOnly: true, path: "/" };
  const sess = JSON.stringify({ cookie, user: userIdOf(number) });
  return { id: `sess:${sid}`, expires: 1_893_542_400, type: "connect-session", sess };
}
