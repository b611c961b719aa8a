import { randomUUID } from "node:crypto";
import {
  CreateTableCommand,
  DynamoDBClient,
  type CreateTableCommandInput,
  type DynamoDBClientConfig,
} from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { inject } from "vitest";
import * as directory from "../../src/identity/directory-table.ts";
import * as signIn from "../../src/identity/sign-in-table.ts";
import { sessionsTableDefinition } from "./sessions-table.ts";

/** A plain client of the test database (or of a proxy before it). */
export function testClient(config: DynamoDBClientConfig = {}): DynamoDBDocumentClient {
  const client = new DynamoDBClient({
    endpoint: inject("dynamoDbEndpoint"),
    region: "eu-central-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    ...config,
  });
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
}

/** Creates a sessions table with a name of its own; `infra`'s tests show that the deployed one has the same shape. */
export async function createSessionsTable(client = testClient()): Promise<string> {
  return createTable(client, sessionsTableDefinition(`sessions-${randomUUID()}`));
}

/** Creates a user directory table with a name of its own. */
export async function createDirectoryTable(client = testClient()): Promise<string> {
  return createTable(client, {
    TableName: `users-${randomUUID()}`,
    AttributeDefinitions: [{ AttributeName: directory.PARTITION_KEY, AttributeType: "S" }],
    KeySchema: [{ AttributeName: directory.PARTITION_KEY, KeyType: "HASH" }],
    BillingMode: "PAY_PER_REQUEST",
  });
}

/** Creates a sign-in table with a name of its own. */
export async function createSignInTable(client = testClient()): Promise<string> {
  return createTable(client, {
    TableName: `sign-in-${randomUUID()}`,
    AttributeDefinitions: [{ AttributeName: signIn.PARTITION_KEY, AttributeType: "S" }],
    KeySchema: [{ AttributeName: signIn.PARTITION_KEY, KeyType: "HASH" }],
    BillingMode: "PAY_PER_REQUEST",
  });
}

async function createTable(
  client: DynamoDBDocumentClient,
  input: CreateTableCommandInput & { TableName: string },
): Promise<string> {
  await client.send(new CreateTableCommand(input));
  return input.TableName;
}
