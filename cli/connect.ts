import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { createUserDirectory, type UserDirectory } from "../src/identity/directory.ts";
import { createUserManagement, type UserManagement } from "../src/identity/manage-users.ts";
import { createSessionStore } from "../src/sessions/create-session-store.ts";
import type { Tables } from "./place.ts";

/** The users and sessions of one stack. */
export interface Connection {
  readonly directory: UserDirectory;
  readonly management: UserManagement;
  readonly close: () => void;
}

/** What the store's factory asks for and ending sessions does not use: an operator starts and validates none. */
const UNUSED_SETTINGS = {
  era: "",
  timeouts: { idle: "none", absolute: 0 },
  logoutAllSessions: true,
} as const;

/** Opens the tables; nothing is asked of them yet. */
export function connect(tables: Tables): Connection {
  const client = new DynamoDBClient(tables.client);
  const documents = DynamoDBDocumentClient.from(client, {
    marshallOptions: { removeUndefinedValues: true },
  });
  const directory = createUserDirectory({ documents, tableName: tables.usersTable, clock: Date.now });
  const sessions = createSessionStore({
    documents,
    tableName: tables.sessionsTable,
    settings: { ...UNUSED_SETTINGS, era: tables.era },
  });
  const management = createUserManagement({ directory, sessions });
  return { directory, management, close: () => client.destroy() };
}
