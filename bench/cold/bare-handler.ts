import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";

/**
 * What everything here is compared with: the least that a function over DynamoDB does, as the SDK's
 * documentation has it.
 */
const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));

export const handler = async (event: { readonly pk: string }) => {
  const { Item } = await documents.send(
    new GetCommand({
      TableName: process.env["SESSIONS_TABLE"],
      Key: { pk: event.pk },
      ConsistentRead: true,
    }),
  );
  return { statusCode: Item === undefined ? 404 : 200, body: JSON.stringify(Item) };
};
