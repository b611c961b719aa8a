import { randomUUID } from "node:crypto";
import { CreateTableCommand, DynamoDBClient, type CreateTableCommandInput } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { inject } from "vitest";
import * as directory from "../../src/identity/directory-table.ts";
import * as signIn from "../../src/identity/sign-in-table.ts";
import type { DocumentClient } from "../../src/dynamodb/document-client.ts";
import { createSdkPipeline, type PipelineOptions } from "../../src/dynamodb/sdk-pipeline.ts";
import { sessionsTableDefinition } from "./sessions-table.ts";

const CREDENTIALS = { accessKeyId: "local", secretAccessKey: "local" };

export type TestClientOptions = Partial<
  Pick<PipelineOptions, "tries" | "connectionTimeout" | "requestTimeout">
> & { readonly endpoint?: string };

/** The functions' own client, of the test database (or of a proxy before it). */
export function testClient(options: TestClientOptions = {}): DocumentClient {
  const { endpoint = inject("dynamoDbEndpoint"), ...limits } = options;
  return createSdkPipeline({
    endpoint: new URL(endpoint),
    region: "eu-central-1",
    credentials: CREDENTIALS,
    tries: 3,
    connectionTimeout: 10_000,
    requestTimeout: 60_000,
    ...limits,
  });
}

/** The SDK's own document client of the test database, for tests that reach into it. */
export const sdkDocumentClient = (options: { readonly maxAttempts?: number } = {}): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(sdkClient(options), { marshallOptions: { removeUndefinedValues: true } });

/** The SDK's own client of the test database. */
export function sdkClient(options: { readonly maxAttempts?: number } = {}): DynamoDBClient {
  return new DynamoDBClient({
    endpoint: inject("dynamoDbEndpoint"),
    region: "eu-central-1",
    credentials: CREDENTIALS,
    ...options,
  });
}

/** Creates a sessions table with a name of its own; `infra`'s tests show that the deployed one has the same shape. */
export async function createSessionsTable(): Promise<string> {
  return createTable(sessionsTableDefinition(`sessions-${randomUUID()}`));
}

/** Creates a user directory table with a name of its own. */
export async function createDirectoryTable(): Promise<string> {
  return createTable({
    TableName: `users-${randomUUID()}`,
    AttributeDefinitions: [{ AttributeName: directory.PARTITION_KEY, AttributeType: "S" }],
    KeySchema: [{ AttributeName: directory.PARTITION_KEY, KeyType: "HASH" }],
    BillingMode: "PAY_PER_REQUEST",
  });
}

/** Creates a sign-in table with a name of its own. */
export async function createSignInTable(): Promise<string> {
  return createTable({
    TableName: `sign-in-${randomUUID()}`,
    AttributeDefinitions: [{ AttributeName: signIn.PARTITION_KEY, AttributeType: "S" }],
    KeySchema: [{ AttributeName: signIn.PARTITION_KEY, KeyType: "HASH" }],
    BillingMode: "PAY_PER_REQUEST",
  });
}

async function createTable(input: CreateTableCommandInput & { TableName: string }): Promise<string> {
  const client = sdkClient();
  await client.send(new CreateTableCommand(input));
  client.destroy();
  return input.TableName;
}
