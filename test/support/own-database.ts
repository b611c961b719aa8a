/**
 * Runs before each test file: asks for the database of this process, and, in a hook that runs after all
 * others, deletes the tables that the file made there. DynamoDB Local looks at every table each second, for
 * the time to live of its items; with those of a whole test run that is much.
 */
import { afterAll, inject } from "vitest";
import { askForDatabase, endDatabaseIfLeft, testDatabaseEndpoint } from "./database-endpoint.ts";
import { takeMadeTables } from "./made-tables.ts";

const LONGEST_MS = 60_000;

await askForDatabase(inject("databasesUrl"));

afterAll(async () => {
  const names = takeMadeTables();
  if ((await endDatabaseIfLeft()) || names.length === 0) return;
  // Most files make no table, and would load the SDK for nothing.
  const { DeleteTableCommand, ResourceNotFoundException } = await import("@aws-sdk/client-dynamodb");
  const { localClient } = await import("./local-client.ts");
  const client = localClient(testDatabaseEndpoint());
  for (const TableName of names) {
    try {
      await client.send(new DeleteTableCommand({ TableName }));
    } catch (error) {
      // It was in a database of the test's own, or the test deleted it.
      if (!(error instanceof ResourceNotFoundException)) throw error;
    }
  }
  client.destroy();
}, LONGEST_MS);
