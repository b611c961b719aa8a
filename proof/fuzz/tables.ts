import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { documentsOf, localClient } from "../../test/support/local-client.ts";
import { createTables, type AllTables } from "../../test/support/tables.ts";

/** The three tables, by name, and a client of them that counts what it writes. */
export interface CountedTables extends AllTables {
  readonly documents: DynamoDBDocumentClient;
  /** How many requests that may write were sent until now. */
  readonly writes: () => number;
}

const READS = /\.(GetItem|BatchGetItem|TransactGetItems|Query|Scan)$/;

/** Makes tables of its own in the database at `endpoint`. */
export async function createCountedTables(endpoint: string): Promise<CountedTables> {
  const client = localClient(endpoint);
  const tables = await createTables(client);
  let writes = 0;
  client.middlewareStack.add(
    (next) => (args) => {
      const target = (args.request as { headers: Record<string, string> }).headers["x-amz-target"] ?? "";
      if (!READS.test(target)) writes++;
      return next(args);
    },
    { step: "finalizeRequest", name: "countWrites" },
  );
  return { ...tables, documents: documentsOf(client), writes: () => writes };
}
