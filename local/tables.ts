import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ResourceNotFoundException,
  UpdateTimeToLiveCommand,
  type CreateTableCommandInput,
  type TableDescription,
} from "@aws-sdk/client-dynamodb";
import { LocalStackError } from "./errors.ts";
import type { IndexModel, TableModel } from "./model/table-model.ts";

/** A client of DynamoDB Local, which takes any credentials. */
export function localDynamoDb(endpoint: string, region: string): DynamoDBClient {
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  return new DynamoDBClient({ endpoint, region, credentials });
}

/**
 * Creates the tables that do not exist yet; those that do are kept with their data.
 * @throws LocalStackError where a table exists with other keys or indexes than the template's.
 */
export async function createTables(client: DynamoDBClient, tables: readonly TableModel[]): Promise<void> {
  for (const table of tables) {
    const existing = await describe(client, table.name);
    if (existing === undefined) await create(client, table);
    else if (shapeOf(existing) !== shapeOf(creation(table))) {
      throw new LocalStackError(
        `The table ${table.name} in the data folder has other keys or indexes than the template's ` +
          `(there ${shapeOf(existing)}; here ${shapeOf(creation(table))}). ` +
          "Use another folder with --data, or delete this one.",
      );
    }
  }
}

async function describe(client: DynamoDBClient, name: string): Promise<TableDescription | undefined> {
  try {
    return (await client.send(new DescribeTableCommand({ TableName: name }))).Table;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

async function create(client: DynamoDBClient, table: TableModel): Promise<void> {
  await client.send(new CreateTableCommand(creation(table)));
  if (table.ttlAttribute === undefined) return;
  const TimeToLiveSpecification = { Enabled: true, AttributeName: table.ttlAttribute };
  await client.send(new UpdateTimeToLiveCommand({ TableName: table.name, TimeToLiveSpecification }));
}

function creation(table: TableModel): CreateTableCommandInput {
  return {
    TableName: table.name,
    KeySchema: [...table.keySchema],
    AttributeDefinitions: [...table.attributes],
    BillingMode: "PAY_PER_REQUEST",
    ...(table.globalIndexes.length > 0 && { GlobalSecondaryIndexes: table.globalIndexes.map(indexCreation) }),
    ...(table.localIndexes.length > 0 && { LocalSecondaryIndexes: table.localIndexes.map(indexCreation) }),
    ...(table.streamView && {
      StreamSpecification: { StreamEnabled: true, StreamViewType: table.streamView },
    }),
  };
}

const indexCreation = ({ name, keySchema, projection }: IndexModel) => ({
  IndexName: name,
  KeySchema: [...keySchema],
  Projection: projection,
});

type Keys = TableDescription["KeySchema"];
interface Shape {
  readonly KeySchema?: Keys;
  readonly GlobalSecondaryIndexes?: readonly { readonly IndexName?: string; readonly KeySchema?: Keys }[];
  readonly LocalSecondaryIndexes?: readonly { readonly IndexName?: string; readonly KeySchema?: Keys }[];
  readonly AttributeDefinitions?: TableDescription["AttributeDefinitions"];
}

/** Keys, their types and the indexes, in one comparable line that a person can read too. */
function shapeOf(table: Shape | TableDescription | CreateTableCommandInput): string {
  const shape = table as Shape;
  const typeOf = (name: string | undefined) =>
    shape.AttributeDefinitions?.find(({ AttributeName }) => AttributeName === name)?.AttributeType ?? "?";
  const keys = (schema: Keys) =>
    (schema ?? []).map((key) => `${String(key.AttributeName)} ${typeOf(key.AttributeName)}`).join(", ");
  const indexes = [...(shape.GlobalSecondaryIndexes ?? []), ...(shape.LocalSecondaryIndexes ?? [])]
    .map((index) => `${String(index.IndexName)} (${keys(index.KeySchema)})`)
    .sort();
  return [`keys (${keys(shape.KeySchema)})`, ...indexes].join(", ");
}
