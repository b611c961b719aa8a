import { randomUUID } from "node:crypto";
import { DeleteCommand, PutCommand, QueryCommand, type DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { BY_USER_INDEX, PARTITION_KEY } from "../../src/sessions/table.ts";

/** The table of {@link usualLogin}: sessions, and the index by user that it queries. */
export const USUAL_TABLE = { partitionKey: PARTITION_KEY, indexes: [BY_USER_INDEX] } as const;

/**
 * The usual login with one session a user: query the index, delete the old, put the new. Two at once both
 * pass.
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
