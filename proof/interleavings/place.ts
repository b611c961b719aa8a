import { randomUUID } from "node:crypto";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { PARTITION_KEY } from "../../src/identity/directory-table.ts";
import { sessionsTableDefinition } from "../../test/support/sessions-table.ts";
import type { Place } from "./functions.ts";

/** Tables of their own in a database, for plans. */
export async function createPlace(endpoint: string): Promise<Place> {
  const client = new DynamoDBClient({
    endpoint,
    region: "eu-central-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    maxAttempts: 1,
  });
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  const sessionsTable = `interleavings-${randomUUID()}`;
  const directoryTable = `interleavings-users-${randomUUID()}`;
  await client.send(new CreateTableCommand(sessionsTableDefinition(sessionsTable)));
  await client.send(
    new CreateTableCommand({
      TableName: directoryTable,
      AttributeDefinitions: [{ AttributeName: PARTITION_KEY, AttributeType: "S" }],
      KeySchema: [{ AttributeName: PARTITION_KEY, KeyType: "HASH" }],
      BillingMode: "PAY_PER_REQUEST",
    }),
  );
  return { documents, sessionsTable, directoryTable };
}
