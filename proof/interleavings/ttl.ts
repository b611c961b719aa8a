import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { DeleteCommand, ScanCommand, type DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { endingKey, rosterKey, sessionKey, TTL_ATTRIBUTE } from "../../src/sessions/table.ts";

const KINDS = [rosterKey("").pk, sessionKey("").pk, endingKey("").pk];

/**
 * Does what DynamoDB's TTL does some time after an item's `ttl`: each kind of items in turn, each item in a
 * request of its own.
 */
export async function sweepTtl(
  documents: DynamoDBDocumentClient,
  tableName: string,
  now: number,
): Promise<void> {
  const { Items: items = [] } = await documents.send(
    new ScanCommand({ TableName: tableName, ConsistentRead: true }),
  );
  const expired = items.filter((item) => (item[TTL_ATTRIBUTE] as number) * 1000 < now);
  for (const kind of KINDS) {
    for (const item of expired.filter(({ pk }) => (pk as string).startsWith(kind))) {
      await removeIfExpired(documents, tableName, item["pk"] as string, now);
    }
  }
}

async function removeIfExpired(
  documents: DynamoDBDocumentClient,
  tableName: string,
  pk: string,
  now: number,
): Promise<void> {
  const remove = new DeleteCommand({
    TableName: tableName,
    Key: { pk },
    ConditionExpression: "#ttl < :now",
    ExpressionAttributeNames: { "#ttl": TTL_ATTRIBUTE },
    ExpressionAttributeValues: { ":now": Math.floor(now / 1000) },
  });
  try {
    await documents.send(remove);
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}
