import { GetCommand, type DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { BY_USER_INDEX, PARTITION_KEY, SORT_KEY, suspectKey } from "../../src/activity/table.ts";
import { itemsInIndex } from "./index-items.ts";
import type { PersonItem } from "./person-item.ts";

/** What the activity table has of a person: by the index, which lags, and what is known of a suspect. */
export async function activityItems(
  documents: DynamoDBDocumentClient,
  table: string,
  userId: string,
): Promise<PersonItem[]> {
  const items = await itemsInIndex(documents, table, BY_USER_INDEX, userId);
  const found = items.map((item): PersonItem => {
    const key = { pk: String(item[PARTITION_KEY]), sk: String(item[SORT_KEY]) };
    return { kind: "activity", table, key, item };
  });
  const key = suspectKey(userId);
  const { Item: item } = await documents.send(
    new GetCommand({ TableName: table, Key: key, ConsistentRead: true }),
  );
  return item === undefined ? found : [...found, { kind: "suspect", table, key, item }];
}
