import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { createUserDirectory } from "../src/identity/create-user-directory.ts";
import type { UserDirectory } from "../src/identity/directory.ts";
import { createUserManagement, type UserManagement } from "../src/identity/manage-users.ts";
import { createUnlocking, type Unlocking } from "../src/identity/unlock.ts";
import { createSessionStore } from "../src/sessions/create-session-store.ts";
import type { SessionStore } from "../src/sessions/store.ts";
import type { Located, WithDirectory } from "./place.ts";

/** The users and sessions of one construct. */
export interface Connection {
  readonly directory: UserDirectory;
  readonly management: UserManagement;
  readonly unlocking: Unlocking;
  readonly close: () => void;
}

/** The tables of one construct, and how to reach them. */
export type Tables = Pick<Located, "dynamoDb" | "sessionsTable" | "era"> & WithDirectory;

/**
 * What the store's factory asks for and ending sessions does not use: an operator starts and validates none.
 */
const UNUSED_SETTINGS = {
  era: "",
  timeouts: { idle: "none", absolute: 0 },
  logoutAllSessions: true,
} as const;

/** Opens the tables; nothing is asked of them yet. */
export function connect(tables: Tables): Connection {
  const { documents, sessions, close } = connectSessions(tables);
  const clock = Date.now;
  const directory = createUserDirectory({ documents, tableName: tables.usersTable, clock });
  const management = createUserManagement({ directory, sessions });
  const unlocking = createUnlocking({ documents, tableName: tables.signInTable, clock });
  return { directory, management, unlocking, close };
}

/** Opens the sessions table; nothing is asked of it yet. */
export function connectSessions(tables: Pick<Tables, "dynamoDb" | "sessionsTable" | "era">): {
  readonly documents: DynamoDBDocumentClient;
  readonly sessions: SessionStore;
  readonly close: () => void;
} {
  const client = new DynamoDBClient(tables.dynamoDb);
  const documents = DynamoDBDocumentClient.from(client, {
    marshallOptions: { removeUndefinedValues: true },
  });
  const sessions = createSessionStore({
    documents,
    tableName: tables.sessionsTable,
    settings: { ...UNUSED_SETTINGS, era: tables.era },
  });
  return { documents, sessions, close: () => client.destroy() };
}
