import { randomUUID } from "node:crypto";
import { CreateTableCommand, DynamoDB, type CreateTableCommandInput } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocument } from "@aws-sdk/lib-dynamodb";
import type { Contender } from "../contender.ts";
import type { World } from "../world.ts";

const EXPIRES_IN_MS = 30 * 24 * 60 * 60 * 1000;

/**
 * What Auth.js asks its DynamoDB adapter on every request with a database session. Table and client are those
 * of the adapter's documentation (authjs.dev, "DynamoDB Adapter"). Its reads are eventually consistent, and
 * the first is of an index.
 */
export async function authJsContender(world: World): Promise<Contender> {
  const { DynamoDBAdapter } = await import("@auth/dynamodb-adapter");
  const client = DynamoDBDocument.from(new DynamoDB({}), {
    marshallOptions: {
      convertEmptyValues: true,
      removeUndefinedValues: true,
      convertClassInstanceToMap: true,
    },
  });
  const tableName = `next-auth-${randomUUID()}`;
  await world.bareClient.send(new CreateTableCommand(tableDefinition(tableName)));
  const adapter = DynamoDBAdapter(client, { tableName });
  const user = await adapter.createUser({ email: "user@example.com", name: "A User", emailVerified: null });
  const sessionToken = randomUUID();
  const expires = new Date(Date.now() + EXPIRES_IN_MS);
  await adapter.createSession({ sessionToken, userId: user.id, expires });
  return {
    id: "auth-js",
    name: "@auth/dynamodb-adapter, getSessionAndUser",
    group: "reading",
    isOurs: false,
    prepare: () =>
      Promise.resolve(async () => {
        const found = await adapter.getSessionAndUser(sessionToken);
        if (found?.user.id !== user.id) throw new Error("the adapter found nobody");
      }),
  };
}

function tableDefinition(tableName: string): CreateTableCommandInput & { TableName: string } {
  const keys = (partition: string, sort: string) => [
    { AttributeName: partition, KeyType: "HASH" as const },
    { AttributeName: sort, KeyType: "RANGE" as const },
  ];
  return {
    TableName: tableName,
    AttributeDefinitions: ["pk", "sk", "GSI1PK", "GSI1SK"].map((AttributeName) => ({
      AttributeName,
      AttributeType: "S",
    })),
    KeySchema: keys("pk", "sk"),
    GlobalSecondaryIndexes: [
      { IndexName: "GSI1", KeySchema: keys("GSI1PK", "GSI1SK"), Projection: { ProjectionType: "ALL" } },
    ],
    BillingMode: "PAY_PER_REQUEST",
  };
}
