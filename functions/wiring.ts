import { decodeSettings, ENVIRONMENT, type FunctionSettings } from "../src/runtime/function-settings.ts";
import { createMetrics, createTelemetry, type Telemetry } from "../src/runtime/telemetry.ts";
import { createSessionStore, createSessionValidator } from "../src/sessions/create-session-store.ts";
import type { SessionStoreOptions } from "../src/sessions/dependencies.ts";
import type { DocumentClient } from "../src/dynamodb/document-client.ts";
import { createDocumentClient } from "../src/dynamodb/client.ts";
import type { SessionStore } from "../src/sessions/store.ts";

/** What the functions share: made once an execution environment, at import. */
export interface Wiring {
  readonly settings: FunctionSettings;
  readonly documents: DocumentClient;
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
  const { storeOptions, ...shared } = wireShared();
  return { ...shared, store: createSessionStore(storeOptions) };
}

/** The same for a function that only validates: nothing else of the store gets into its bundle. */
export function wireValidation(): Omit<Wiring, "store"> & {
  readonly store: Pick<SessionStore, "validate">;
} {
  const { storeOptions, ...shared } = wireShared();
  return { ...shared, store: createSessionValidator(storeOptions) };
}

function wireShared(): Omit<Wiring, "store"> & { readonly storeOptions: SessionStoreOptions } {
  const clock = Date.now;
  const settings = decodeSettings(required(ENVIRONMENT.settings));
  const telemetry = createTelemetry(clock, undefined, () =>
    createMetrics(process.env[ENVIRONMENT.deployment]),
  );
  const documents = createDocumentClient();
  const storeOptions = {
    documents,
    tableName: required(ENVIRONMENT.sessionsTable),
    settings,
    clock,
    onTouchFailure: (error: unknown) => telemetry.touchFailed(error),
  };
  const originSecret = process.env[ENVIRONMENT.originSecret];
  return { settings, documents, storeOptions, telemetry, originSecret, clock };
}

/** @throws Error naming the environment variable that is missing. */
export function required(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === "") {
    throw new Error(`the environment variable ${name} is missing; the SingleSession construct sets it`);
  }
  return value;
}
