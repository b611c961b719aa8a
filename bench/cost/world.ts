import { randomBytes } from "node:crypto";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { createAdminLogoutHandler } from "../../functions/admin-logout-handler.ts";
import { createAuthorizeHandler } from "../../functions/authorize-handler.ts";
import { createListSessionsHandler } from "../../functions/list-sessions-handler.ts";
import { createLoginHandler } from "../../functions/login-handler.ts";
import { createLogoutHandler } from "../../functions/logout-handler.ts";
import { createValidateHandler } from "../../functions/validate-handler.ts";
import type { FunctionSettings } from "../../src/runtime/function-settings.ts";
import { createMetrics, createTelemetry } from "../../src/runtime/telemetry.ts";
import * as directoryTable from "../../src/identity/directory-table.ts";
import { createUserDirectory, type UserDirectory } from "../../src/identity/directory.ts";
import { createLoginThrottle } from "../../src/identity/login-throttle.ts";
import { createPasswordSource } from "../../src/identity/passwords.ts";
import * as signInTable from "../../src/identity/sign-in-table.ts";
import { createThrottledPasswordSource } from "../../src/identity/throttled-passwords.ts";
import { createSessionStore } from "../../src/sessions/create-session-store.ts";
import { createDocumentClient } from "../../src/dynamodb/client.ts";
import { ONE_SESSION } from "../../src/sessions/policy.ts";
import type { SessionStore } from "../../src/sessions/store.ts";
import { sessionsTableDefinition } from "../../test/support/sessions-table.ts";

export const MINUTE = 60_000;

/** The settings that ship. */
const SETTINGS: FunctionSettings = {
  era: "1",
  timeouts: { idle: 30 * MINUTE, absolute: 12 * 60 * MINUTE },
  logoutAllSessions: true,
  reauthWithin: 15 * MINUTE,
  policy: ONE_SESSION,
  allowedOrigins: [],
};

export type FunctionName = "login" | "logout" | "validate" | "authorize" | "admin-logout" | "list-sessions";

/** All functions over tables of their own, with a clock that the counting moves. */
export interface CostWorld {
  readonly clock: { now: number };
  readonly directory: UserDirectory;
  readonly store: SessionStore;
  readonly handlers: Readonly<Record<FunctionName, (event: never, context: never) => Promise<unknown>>>;
  readonly tables: Readonly<Record<"sessions" | "users" | "signIn", string>>;
  readonly close: () => void;
}

/** @param environment names the database, and has the `POWERTOOLS_LOG_LEVEL` of this process. */
export async function createCostWorld(environment: Readonly<Record<string, string>>): Promise<CostWorld> {
  const suffix = randomBytes(6).toString("hex");
  const tables = { sessions: `cost-${suffix}`, users: `users-${suffix}`, signIn: `sign-in-${suffix}` };
  await createTables(environment, tables);
  const documents = createDocumentClient(environment);
  const clock = { now: Date.UTC(2030, 0, 1) };
  const time = (): number => clock.now;
  // Each call takes 8 ms by this clock, so that its line has always the same length.
  let ticks = 0;
  const metrics = () => createMetrics("SingleSession/Sessions");
  const telemetry = createTelemetry(() => (ticks += 8), undefined, metrics);
  const store = createSessionStore({
    documents,
    tableName: tables.sessions,
    settings: SETTINGS,
    clock: time,
  });
  const directory = createUserDirectory({ documents, tableName: tables.users, clock: time });
  const throttle = createLoginThrottle({ documents, tableName: tables.signIn, clock: time });
  const common = { store, settings: SETTINGS, telemetry, clock: time, directory };
  return {
    clock,
    directory,
    store,
    tables,
    handlers: {
      login: createLoginHandler({
        ...common,
        passwords: createThrottledPasswordSource(createPasswordSource(directory), throttle),
        oidc: undefined,
        policyModule: {},
        random: randomBytes,
      }),
      logout: createLogoutHandler(common),
      validate: createValidateHandler(common),
      authorize: createAuthorizeHandler(common),
      "admin-logout": createAdminLogoutHandler(common),
      "list-sessions": createListSessionsHandler(common),
    },
    close: () => documents.destroy(),
  };
}

async function createTables(
  environment: Readonly<Record<string, string>>,
  { sessions, users, signIn }: CostWorld["tables"],
): Promise<void> {
  const client = new DynamoDBClient({
    endpoint: environment["AWS_ENDPOINT_URL_DYNAMODB"] ?? "",
    region: "eu-central-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  await client.send(new CreateTableCommand(sessionsTableDefinition(sessions)));
  for (const [name, key] of [
    [users, directoryTable.PARTITION_KEY],
    [signIn, signInTable.PARTITION_KEY],
  ] as const) {
    await client.send(
      new CreateTableCommand({
        TableName: name,
        AttributeDefinitions: [{ AttributeName: key, AttributeType: "S" }],
        KeySchema: [{ AttributeName: key, KeyType: "HASH" }],
        BillingMode: "PAY_PER_REQUEST",
      }),
    );
  }
  client.destroy();
}
