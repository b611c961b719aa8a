/**
 * What a store without an index of users has to do to log one user out: look at every session there is. Its
 * items are those of `connect-dynamodb`, the user's id being somewhere in the session's JSON.
 */
import { createHash } from "node:crypto";
import { ScanCommand, type ScanCommandOutput } from "@aws-sdk/lib-dynamodb";
import type { DocumentClient } from "../../src/dynamodb/document-client.ts";
import { createDocumentClient } from "../../src/dynamodb/client.ts";
import { runAsChild, taskOf, tell } from "../support/measuring-child.ts";
import { ensureTable, fill } from "./fill.ts";
import type { ScanMeasurement, ScanMessage, ScanTask } from "./messages.ts";
import { userIdOf } from "./population.ts";

const TABLE = "sessions-without-index";

const { sessions } = taskOf() as ScanTask;

await runAsChild(async (stop) => {
  const documents = createDocumentClient();
  await ensureTable(TABLE, { partitionKey: "id" });
  const plan = { tableName: TABLE, users: sessions, from: 0 };
  const filledTo = (count: number): void => tell({ type: "filled", sessions: count } satisfies ScanMessage);
  await fill(documents, plan, (number) => [itemOf(number)], filledTo, stop);
  if (!stop.aborted) {
    const scan = await findByScan(documents, userIdOf(Math.floor(sessions / 2)));
    tell({ type: "scanned", scan } satisfies ScanMessage);
  }
  documents.destroy();
});

function itemOf(number: number): Record<string, unknown> {
  const sid = createHash("sha256").update(`sid ${number}`).digest("base64url").slice(0, 32);
  const sess = {
    cookie: { originalMaxAge: null, expires: null, httpOnly: true, path: "/" },
    user: userIdOf(number),
  };
  return { id: `sess:${sid}`, expires: 1_893_542_400, type: "connect-session", sess: JSON.stringify(sess) };
}

async function findByScan(documents: DocumentClient, userId: string): Promise<ScanMeasurement> {
  const startedAt = performance.now();
  let start: Record<string, unknown> | undefined;
  let [requests, readUnits, found] = [0, 0, 0];
  do {
    const page: ScanCommandOutput = await documents.send(
      new ScanCommand({
        TableName: TABLE,
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
  return { sessions, requests, readUnits, ms: performance.now() - startedAt };
}
