import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  TransactGetCommand,
  TransactWriteCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";

/** An item with every kind of value that the tables hold, and some that they do not. */
const ITEM = {
  pk: "session#1",
  userId: "älice\u{1f511}",
  createdAt: 1_795_000_000_000,
  share: 0.5,
  isAdmin: false,
  permissions: ["single_session.logout", 'a "quoted" one\n'],
  device: { label: "Chrome on Windows", address: null, nested: [{ deep: [] }] },
  left: undefined,
};

/** One after the other, each over what those before it left. */
export const COMMANDS: readonly (readonly [string, (TableName: string) => object])[] = [
  ["a put", (TableName) => new PutCommand({ TableName, Item: ITEM })],
  [
    "a consistent read",
    (TableName) => new GetCommand({ TableName, Key: { pk: ITEM.pk }, ConsistentRead: true }),
  ],
  ["a read of what is not there", (TableName) => new GetCommand({ TableName, Key: { pk: "none" } })],
  [
    "a put whose condition fails, with the old item",
    (TableName) =>
      new PutCommand({
        TableName,
        Item: ITEM,
        ConditionExpression: "attribute_not_exists(pk)",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      }),
  ],
  [
    "an update that gives the old values",
    (TableName) =>
      new UpdateCommand({
        TableName,
        Key: { pk: ITEM.pk },
        UpdateExpression: "SET createdAt = :now ADD failures :one",
        ExpressionAttributeValues: { ":now": 7, ":one": 1 },
        ReturnValues: "UPDATED_OLD",
      }),
  ],
  [
    "a transaction that is cancelled, with its reasons",
    (TableName) =>
      new TransactWriteCommand({
        TransactItems: [
          { Put: { TableName, Item: { pk: "other" } } },
          {
            Delete: {
              TableName,
              Key: { pk: ITEM.pk },
              ConditionExpression: "createdAt = :then",
              ExpressionAttributeValues: { ":then": 8 },
              ReturnValuesOnConditionCheckFailure: "ALL_OLD",
            },
          },
        ],
      }),
  ],
  [
    "a transaction that is carried out",
    (TableName) =>
      new TransactWriteCommand({ TransactItems: [{ Put: { TableName, Item: { ...ITEM, pk: "two" } } }] }),
  ],
  [
    "a transaction of reads",
    (TableName) =>
      new TransactGetCommand({
        TransactItems: ["two", "none"].map((pk) => ({ Get: { TableName, Key: { pk } } })),
      }),
  ],
  [
    "a batch of reads",
    (TableName) =>
      new BatchGetCommand({ RequestItems: { [TableName]: { Keys: [{ pk: "two" }], ConsistentRead: true } } }),
  ],
  [
    "a batch of writes",
    (TableName) =>
      new BatchWriteCommand({
        RequestItems: {
          [TableName]: [
            { PutRequest: { Item: { pk: "three", n: -1 } } },
            { DeleteRequest: { Key: { pk: "two" } } },
          ],
        },
      }),
  ],
  [
    "a query of an index, page by page",
    (TableName) =>
      new QueryCommand({
        TableName,
        IndexName: "byUser",
        KeyConditionExpression: "userId = :user",
        ExpressionAttributeValues: { ":user": ITEM.userId },
        Limit: 1,
      }),
  ],
  ["a scan", (TableName) => new ScanCommand({ TableName, ConsistentRead: true })],
  [
    "a delete",
    (TableName) => new DeleteCommand({ TableName, Key: { pk: "three" }, ReturnValues: "ALL_OLD" }),
  ],
  ["a request that is wrong", (TableName) => new GetCommand({ TableName, Key: { wrong: 1 } })],
  ["a table that is not there", () => new GetCommand({ TableName: "none", Key: { pk: "x" } })],
];
