import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
  type DynamoDBClient,
  type TableDescription,
} from "@aws-sdk/client-dynamodb";
import { PutCommand, ScanCommand, type DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { TTL_ATTRIBUTE } from "../../src/sessions/table.ts";

/** What a table had at some time. */
export interface Backup {
  readonly table: TableDescription;
  readonly items: readonly Record<string, unknown>[];
}

/** DynamoDB Local has no backups: this reads all items. */
export async function backUp({ client, documents }: Clients, TableName: string): Promise<Backup> {
  const { Table: table } = await client.send(new DescribeTableCommand({ TableName }));
  if (table === undefined) throw new Error(`there is no table ${TableName}`);
  const items: Record<string, unknown>[] = [];
  let from: Record<string, unknown> | undefined;
  do {
    const page = await documents.send(
      new ScanCommand({ TableName, ConsistentRead: true, ...(from && { ExclusiveStartKey: from }) }),
    );
    items.push(...(page.Items ?? []));
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return { table, items };
}

export interface Clients {
  readonly client: DynamoDBClient;
  readonly documents: DynamoDBDocumentClient;
}

/**
 * As a restore does: a new table under the old name, with what it had and the indexes, and without the stream
 * and the time to live.
 */
export async function restore({ client, documents }: Clients, { table, items }: Backup): Promise<void> {
  const { TableName, KeySchema, AttributeDefinitions, GlobalSecondaryIndexes: indexes = [] } = table;
  await client.send(new DeleteTableCommand({ TableName }));
  const made = indexes.map(({ IndexName, KeySchema: keys, Projection }) => ({
    IndexName,
    KeySchema: keys,
    Projection,
  }));
  await client.send(
    new CreateTableCommand({
      TableName,
      KeySchema,
      AttributeDefinitions,
      BillingMode: "PAY_PER_REQUEST",
      ...(made.length > 0 && { GlobalSecondaryIndexes: made }),
    }),
  );
  for (const Item of items) await documents.send(new PutCommand({ TableName, Item }));
}

/** Step 5 of the runbook, as far as DynamoDB Local has it. */
export async function switchOn({ client }: Clients, { table }: Backup): Promise<void> {
  const { TableName, StreamSpecification } = table;
  if (StreamSpecification?.StreamEnabled === true)
    await client.send(new UpdateTableCommand({ TableName, StreamSpecification }));
  if (table.KeySchema?.[0]?.AttributeName !== "pk") return;
  const TimeToLiveSpecification = { Enabled: true, AttributeName: TTL_ATTRIBUTE };
  await client.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
}
