import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

import type { DocumentClient } from "../../src/dynamodb/document-client.ts";
import { createDynamoDbClient, type ClientOptions } from "../../src/dynamodb/sdk-client.ts";
import { testDatabaseEndpoint } from "./database-endpoint.ts";
import { documentsOf, LOCAL, localClient } from "./local-client.ts";
import { ACTIVITY, createTable, JOBS, SESSIONS, SIGN_IN, USERS, type TableShape } from "./tables.ts";

export type TestClientOptions = Partial<
  Pick<ClientOptions, "tries" | "connectionTimeout" | "requestTimeout">
> & { readonly endpoint?: string };

/** The functions' own client, of the test database (or of a proxy before it). */
export function testClient(options: TestClientOptions = {}): DocumentClient {
  const { endpoint = testDatabaseEndpoint(), ...limits } = options;
  return createDynamoDbClient({
    endpoint,
    ...LOCAL,
    tries: 3,
    connectionTimeout: 10_000,
    requestTimeout: 60_000,
    ...limits,
  });
}

/** The SDK's own document client of the test database, for tests that reach into it. */
export const sdkDocumentClient = (options: { readonly maxAttempts?: number } = {}): DynamoDBDocumentClient =>
  documentsOf(sdkClient(options));

/** The SDK's own client of the test database. */
export const sdkClient = (options: { readonly maxAttempts?: number } = {}): DynamoDBClient =>
  localClient(testDatabaseEndpoint(), options);

/** Creates a sessions table with a name of its own. @returns the name. */
export const createSessionsTable = (): Promise<string> => create(SESSIONS);

/** Creates a user directory table with a name of its own. @returns the name. */
export const createDirectoryTable = (): Promise<string> => create(USERS);

/** Creates a sign-in table with a name of its own. @returns the name. */
export const createSignInTable = (): Promise<string> => create(SIGN_IN);

/** Creates an activity table with a name of its own. @returns the name. */
export const createActivityTable = (): Promise<string> => create(ACTIVITY);

/** Creates a jobs table with a name of its own. @returns the name. */
export const createJobsTable = (): Promise<string> => create(JOBS);

async function create(shape: TableShape): Promise<string> {
  const client = sdkClient();
  const name = await createTable(client, shape);
  client.destroy();
  return name;
}
