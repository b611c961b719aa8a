import { GetCommand, QueryCommand, type DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { BY_USER_INDEX, PARTITION_KEY, SORT_KEY, suspectKey } from "../../src/activity/table.ts";
import type { PersonItem } from "./person-item.ts";

/** What the activity table has of a person: by the index, which lags, and what is known of a suspect. */
export async function activityItems(
  documents: DynamoDBDocumentClient,
  table: string,
  userId: string,
): Promise<PersonItem[]> {
  const found: PersonItem[] = [];
  let from: Record<string, unknown> | undefined;
  do {
    const page = await documents.send(
      new QueryCommand({
        TableName: table,
        IndexName: BY_USER_INDEX.name,
        KeyConditionExpression: "#user = :user",
        ExpressionAttributeNames: { "#user": BY_USER_INDEX.partitionKey },
        ExpressionAttributeValues: { ":user": userId },
        ...(from && { ExclusiveStartKey: from }),
      }),
    );
    for (const item of page.Items ?? []) {
      const key = { pk: String(item[PARTITION_KEY]), sk: String(item[SORT_KEY]) };
      found.push({ kind: "activity", table, key, item });
    }
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  const key = suspectKey(userId);
  const { Item: item } = await documents.send(
    new GetCommand({ TableName: table, Key: key, ConsistentRead: true }),
  );
  return item === undefined ? found : [...found, { kind: "suspect", table, key, item }];
}
