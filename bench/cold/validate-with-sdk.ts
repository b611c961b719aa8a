import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { createValidateHandler } from "../../functions/validate-handler.ts";
import { decodeSettings, ENVIRONMENT } from "../../src/runtime/function-settings.ts";
import { createTelemetry } from "../../src/runtime/telemetry.ts";
import { createSessionStore } from "../../src/sessions/create-session-store.ts";

/** The function `validate` as it would be with nothing done for its start. */
export const handler = createValidateHandler({
  telemetry: createTelemetry(Date.now),
  store: createSessionStore({
    documents: DynamoDBDocumentClient.from(new DynamoDBClient({})),
    tableName: process.env[ENVIRONMENT.sessionsTable] ?? "",
    settings: decodeSettings(process.env[ENVIRONMENT.settings] ?? ""),
  }),
});
