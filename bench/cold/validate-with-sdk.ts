import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { wireStore, wireValidate } from "../../functions/wiring.ts";
import { decodeSettings, ENVIRONMENT } from "../../src/runtime/function-settings.ts";
import { createTelemetry } from "../../src/runtime/telemetry.ts";

const parts = {
  telemetry: createTelemetry(Date.now),
  documents: DynamoDBDocumentClient.from(new DynamoDBClient({})),
  tables: { sessions: process.env[ENVIRONMENT.sessionsTable] ?? "" },
  settings: decodeSettings(process.env[ENVIRONMENT.settings] ?? ""),
};

/** The function `validate` as it would be with nothing done for its start. */
export const handler = wireValidate({ ...parts, store: wireStore(parts) });
