import { QueryCommand, type DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

/** All items that an index by user has of a person. It lags the table, as a rule by less than a second. */
export async function itemsInIndex(
  documents: DynamoDBDocumentClient,
  TableName: string,
  index: { readonly name: string; readonly partitionKey: string },
  userId: string,
): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  let from: Record<string, unknown> | undefined;
  do {
    const page = await documents.send(
      new QueryCommand({
        TableName,
        IndexName: index.name,
        KeyConditionExpression: "#user = :user",
        ExpressionAttributeNames: { "#user": index.partitionKey },
        ExpressionAttributeValues: { ":user": userId },
        ...(from && { ExclusiveStartKey: from }),
      }),
    );
    items.push(...(page.Items ?? []));
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return items;
}
