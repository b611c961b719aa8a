import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { DeleteCommand, paginateScan, type DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { TableModel } from "../model/table-model.ts";

/**
 * What DynamoDB's time to live does in its own time, now: takes away each item whose time has passed.
 * DynamoDB Local's own goes by this machine's clock, which the lab does not move.
 * @param now epoch milliseconds.
 * @returns how many items it took away.
 */
export async function runTimeToLive(
  documents: DynamoDBDocumentClient,
  tables: readonly Pick<TableModel, "name" | "keySchema" | "ttlAttribute">[],
  now: number,
): Promise<number> {
  let deleted = 0;
  for (const { name, keySchema, ttlAttribute } of tables) {
    if (ttlAttribute === undefined) continue;
    const due = {
      ExpressionAttributeNames: { "#ttl": ttlAttribute },
      ExpressionAttributeValues: { ":now": Math.floor(now / 1000) },
    };
    const pages = paginateScan(
      { client: documents },
      { TableName: name, FilterExpression: "#ttl < :now", ConsistentRead: true, ...due },
    );
    for await (const { Items: items = [] } of pages) {
      for (const item of items) {
        const Key = Object.fromEntries(
          keySchema.map(({ AttributeName: key = "" }): [string, unknown] => [key, item[key]]),
        );
        // It may have been written again since the page was read.
        const command = new DeleteCommand({
          ...{ TableName: name, Key, ConditionExpression: "#ttl < :now", ...due },
        });
        deleted += await documents.send(command).then(
          () => 1,
          (error: unknown) => {
            if (error instanceof ConditionalCheckFailedException) return 0;
            throw error;
          },
        );
      }
    }
  }
  return deleted;
}
