import type { CreateTableCommandInput } from "@aws-sdk/client-dynamodb";
import { BY_USER_INDEX, ENDINGS_BY_USER_INDEX, PARTITION_KEY } from "../../src/sessions/table.ts";

/** A sessions table for a database without CloudFormation; `infra`'s tests show that the deployed one has the same shape. */
export function sessionsTableDefinition(tableName: string): CreateTableCommandInput & { TableName: string } {
  return {
    TableName: tableName,
    AttributeDefinitions: [
      { AttributeName: PARTITION_KEY, AttributeType: "S" },
      { AttributeName: BY_USER_INDEX.partitionKey, AttributeType: "S" },
      { AttributeName: BY_USER_INDEX.sortKey, AttributeType: "N" },
      { AttributeName: ENDINGS_BY_USER_INDEX.partitionKey, AttributeType: "S" },
      { AttributeName: ENDINGS_BY_USER_INDEX.sortKey, AttributeType: "N" },
    ],
    KeySchema: [{ AttributeName: PARTITION_KEY, KeyType: "HASH" }],
    GlobalSecondaryIndexes: [
      {
        IndexName: BY_USER_INDEX.name,
        KeySchema: [
          { AttributeName: BY_USER_INDEX.partitionKey, KeyType: "HASH" },
          { AttributeName: BY_USER_INDEX.sortKey, KeyType: "RANGE" },
        ],
        Projection: { ProjectionType: "KEYS_ONLY" },
      },
      {
        IndexName: ENDINGS_BY_USER_INDEX.name,
        KeySchema: [
          { AttributeName: ENDINGS_BY_USER_INDEX.partitionKey, KeyType: "HASH" },
          { AttributeName: ENDINGS_BY_USER_INDEX.sortKey, KeyType: "RANGE" },
        ],
        Projection: { ProjectionType: "ALL" },
      },
    ],
    BillingMode: "PAY_PER_REQUEST",
  };
}
