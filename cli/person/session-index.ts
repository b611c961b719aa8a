import { QueryCommand, type DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { BY_USER_INDEX, sessionIdInKey } from "../../src/sessions/table.ts";

/**
 * The ids of all session items of a user: also of those that expired or are of another era, which the store's
 * listing leaves out.
 */
export async function sessionIdsInIndex(
  documents: DynamoDBDocumentClient,
  TableName: string,
  userId: string,
): Promise<string[]> {
  const ids: string[] = [];
  let from: Record<string, unknown> | undefined;
  do {
    const page = await documents.send(
      new QueryCommand({
        TableName,
        IndexName: BY_USER_INDEX.name,
        KeyConditionExpression: "#user = :user",
        ExpressionAttributeNames: { "#user": BY_USER_INDEX.partitionKey },
        ExpressionAttributeValues: { ":user": userId },
        ...(from && { ExclusiveStartKey: from }),
      }),
    );
    ids.push(...(page.Items ?? []).map((item) => sessionIdInKey(String(item["pk"]))));
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return ids;
}
