import { randomUUID } from "node:crypto";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import * as directory from "../../src/identity/directory-table.ts";
import * as signIn from "../../src/identity/sign-in-table.ts";
import { sessionsTableDefinition } from "../../test/support/sessions-table.ts";

/** The tables of a run; its rounds share them, each with users of its own, since making tables takes longer than a round. */
export interface Tables {
  readonly sessions: string;
  readonly users: string;
  readonly signIn: string;
}

/** A client of the database itself, past all proxies. */
export function directClient(endpoint: string): DynamoDBDocumentClient {
  const client = new DynamoDBClient({
    endpoint,
    region: "eu-central-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
}

/** Creates tables with names of their own. */
export async function createTables(documents: DynamoDBDocumentClient): Promise<Tables> {
  const suffix = randomUUID();
  const names = { sessions: `sessions-${suffix}`, users: `users-${suffix}`, signIn: `sign-in-${suffix}` };
  await documents.send(new CreateTableCommand(sessionsTableDefinition(names.sessions)));
  await createPlainTable(documents, names.users, directory.PARTITION_KEY);
  await createPlainTable(documents, names.signIn, signIn.PARTITION_KEY);
  return names;
}

async function createPlainTable(documents: DynamoDBDocumentClient, name: string, key: string): Promise<void> {
  await documents.send(
    new CreateTableCommand({
      TableName: name,
      AttributeDefinitions: [{ AttributeName: key, AttributeType: "S" }],
      KeySchema: [{ AttributeName: key, KeyType: "HASH" }],
      BillingMode: "PAY_PER_REQUEST",
    }),
  );
}
