import { randomUUID } from "node:crypto";
import type { CreateTableCommandInput } from "@aws-sdk/client-dynamodb";
import { DeleteCommand, PutCommand, QueryCommand, type DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { BY_USER_INDEX, PARTITION_KEY } from "../../src/sessions/table.ts";
import type { IndexShape } from "./units.ts";

/** The indexes of that table, for counting. */
export const USUAL_INDEXES: readonly IndexShape[] = [{ ...BY_USER_INDEX, projection: "keys-only" }];

/** The table of {@link usualLogin}: sessions, and the index by user that it queries. */
export function usualTableDefinition(tableName: string): CreateTableCommandInput & { TableName: string } {
  return {
    TableName: tableName,
    AttributeDefinitions: [
      { AttributeName: PARTITION_KEY, AttributeType: "S" },
      { AttributeName: BY_USER_INDEX.partitionKey, AttributeType: "S" },
      { AttributeName: BY_USER_INDEX.sortKey, AttributeType: "N" },
    ],
    KeySchema: [{ AttributeName: PARTITION_KEY, KeyType: "HASH" }],
    GlobalSecondaryIndexes: [
      {
        IndexName: BY_USER_INDEX.name,
        KeySchema: [
          { AttributeName: BY_USER_INDEX.partitionKey, KeyType: "HASH" },
          { AttributeName: BY_USER_INDEX.sortKey, KeyType: "RANGE" },
        ],
        Projection: { ProjectionType: "KEYS_ONLY" },
      },
    ],
    BillingMode: "PAY_PER_REQUEST",
  };
}

/**
 * The usual login with one session a user: query the index, delete the old, put the new. Two at once both pass.
 * @returns the key of the new session's item.
 */
export async function usualLogin(
  documents: DynamoDBDocumentClient,
  tableName: string,
  userId: string,
  attributes: Readonly<Record<string, unknown>> = {},
): Promise<{ readonly pk: string }> {
  const { Items: old = [] } = await documents.send(
    new QueryCommand({
      TableName: tableName,
      IndexName: BY_USER_INDEX.name,
      KeyConditionExpression: "userId = :user",
      ExpressionAttributeValues: { ":user": userId },
    }),
  );
  for (const item of old) {
    await documents.send(
      new DeleteCommand({ TableName: tableName, Key: { [PARTITION_KEY]: item[PARTITION_KEY] as string } }),
    );
  }
  const key = { [PARTITION_KEY]: randomUUID() };
  await documents.send(
    new PutCommand({ TableName: tableName, Item: { ...attributes, ...key, userId, createdAt: Date.now() } }),
  );
  return key;
}
