import { randomUUID } from "node:crypto";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import * as directory from "../../src/identity/directory-table.ts";
import * as signIn from "../../src/identity/sign-in-table.ts";
import { sessionsTableDefinition } from "../../test/support/sessions-table.ts";

/** The three tables, by name, and a client of them that counts what it writes. */
export interface Tables {
  readonly documents: DynamoDBDocumentClient;
  readonly sessions: string;
  readonly users: string;
  readonly signIn: string;
  /** How many requests that may write were sent until now. */
  readonly writes: () => number;
}

const READS = /\.(GetItem|BatchGetItem|TransactGetItems|Query|Scan)$/;

/** Makes tables of its own in the database at `endpoint`. */
export async function createTables(endpoint: string): Promise<Tables> {
  const client = new DynamoDBClient({
    endpoint,
    region: "eu-central-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  const suffix = randomUUID();
  const plain = (name: string, key: string) => ({
    TableName: `${name}-${suffix}`,
    AttributeDefinitions: [{ AttributeName: key, AttributeType: "S" as const }],
    KeySchema: [{ AttributeName: key, KeyType: "HASH" as const }],
    BillingMode: "PAY_PER_REQUEST" as const,
  });
  const definitions = [
    sessionsTableDefinition(`sessions-${suffix}`),
    plain("users", directory.PARTITION_KEY),
    plain("sign-in", signIn.PARTITION_KEY),
  ] as const;
  for (const definition of definitions) await client.send(new CreateTableCommand(definition));
  let writes = 0;
  client.middlewareStack.add(
    (next) => (args) => {
      const target = (args.request as { headers: Record<string, string> }).headers["x-amz-target"] ?? "";
      if (!READS.test(target)) writes++;
      return next(args);
    },
    { step: "finalizeRequest", name: "countWrites" },
  );
  const [sessions, users, signInTable] = definitions;
  return {
    documents: DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } }),
    sessions: sessions.TableName,
    users: users.TableName,
    signIn: signInTable.TableName,
    writes: () => writes,
  };
}
