import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { decodeSettings, ENVIRONMENT, type FunctionSettings } from "../src/http/function-settings.ts";
import { createTelemetry, type Telemetry } from "../src/http/telemetry.ts";
import { createSessionStore } from "../src/sessions/create-session-store.ts";
import { createDocumentClient } from "../src/sessions/dynamodb.ts";
import type { SessionStore } from "../src/sessions/store.ts";

/** What the functions share: made once an execution environment, at import. */
export interface Wiring {
  readonly settings: FunctionSettings;
  readonly documents: DynamoDBDocumentClient;
  readonly store: SessionStore;
  readonly telemetry: Telemetry;
  /** Absent where no CDN stands before the API. */
  readonly originSecret: string | undefined;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/**
 * Wires a function by its environment, with the real time and randomness.
 * @throws Error naming the environment variable that is missing.
 */
export function wire(): Wiring {
  const clock = Date.now;
  const settings = decodeSettings(required(ENVIRONMENT.settings));
  const telemetry = createTelemetry(clock);
  const documents = createDocumentClient();
  const store = createSessionStore({
    documents,
    tableName: required(ENVIRONMENT.sessionsTable),
    settings,
    clock,
    onTouchFailure: (error) => telemetry.touchFailed(error),
  });
  const originSecret = process.env[ENVIRONMENT.originSecret];
  return { settings, documents, store, telemetry, originSecret, clock };
}

/** @throws Error naming the environment variable that is missing. */
export function required(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === "") {
    throw new Error(`the environment variable ${name} is missing; the SingleSession construct sets it`);
  }
  return value;
}
