import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { BY_USER_INDEX, sessionIdInKey } from "../../src/sessions/table.ts";
import { itemsInIndex } from "./index-items.ts";

/**
 * The ids of all session items of a user: also of those that expired or are of another era, which the store's
 * listing leaves out.
 */
export async function sessionIdsInIndex(
  documents: DynamoDBDocumentClient,
  tableName: string,
  userId: string,
): Promise<string[]> {
  const items = await itemsInIndex(documents, tableName, BY_USER_INDEX, userId);
  return items.map((item) => sessionIdInKey(String(item["pk"])));
}
