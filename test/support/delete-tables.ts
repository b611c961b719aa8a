/**
 * Runs before each test file, so that its hook runs after all others: the tables of the file are deleted from
 * the database of the test run. DynamoDB Local looks at every table each second, for the time to live of its
 * items; with those of a whole test run that took a third of a core.
 */
import { afterAll, inject } from "vitest";
import { takeMadeTables } from "./made-tables.ts";

const LONGEST_MS = 60_000;

afterAll(async () => {
  const names = takeMadeTables();
  if (names.length === 0) return;
  // Most files make no table, and would load the SDK for nothing.
  const { DeleteTableCommand, ResourceNotFoundException } = await import("@aws-sdk/client-dynamodb");
  const { localClient } = await import("./local-client.ts");
  const client = localClient(inject("dynamoDbEndpoint"));
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
