import { randomUUID } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import { createSessionStore } from "../../src/sessions/create-session-store.ts";
import type { SessionSettings } from "../../src/sessions/dependencies.ts";
import type { DocumentClient } from "../../src/dynamodb/document-client.ts";
import { createDocumentClient } from "../../src/dynamodb/client.ts";
import { toSessionItem } from "../../src/sessions/items.ts";
import { idleExpiry } from "../../src/sessions/session.ts";
import type { SessionStore } from "../../src/sessions/store.ts";
import { sessionKey } from "../../src/sessions/table.ts";
import { createTable } from "../../test/support/tables.ts";
import { seedUsers, type SeededUser } from "../support/seed.ts";
import { USUAL_TABLE } from "../../local/lab/usual-way.ts";

/**
 * What the contenders share: one database, its tables, the clients, and the one session that all of them
 * read.
 */
export interface World {
  /** Made with no options at all, as the SDK's documentation has it. */
  readonly bareClient: DynamoDBClient;
  readonly bare: DynamoDBDocumentClient;
  /** The functions' own client, and their store over it. */
  readonly documents: DocumentClient;
  readonly store: SessionStore;
  readonly settings: SessionSettings;
  readonly sessionsTable: string;
  /** The table of the usual login. */
  readonly usualTable: string;
  /** The session that is read. Its item never changes but for its times. */
  readonly reader: SeededUser;
  readonly readerKey: { readonly pk: string };
  /** Puts the reader's session anew, as seen now: reading it then records no activity. */
  freshen(): Promise<void>;
  /** New users with a session each. */
  seed(count: number, seenAgoMs?: number): Promise<SeededUser[]>;
  /** User ids that nobody has had. */
  newUserIds(count: number): string[];
  close(): void;
}

export interface WorldOptions {
  /** An existing sessions table. */
  readonly sessionsTable: string;
  readonly settings: SessionSettings;
  /** A table that does not exist yet; with a name of its own unless given. */
  readonly usualTable?: string;
}

/** Makes a world. Region, credentials and endpoint come from the environment. */
export async function createWorld({
  sessionsTable,
  settings,
  usualTable = `usual-${randomUUID()}`,
}: WorldOptions): Promise<World> {
  const bareClient = new DynamoDBClient({});
  const bare = DynamoDBDocumentClient.from(bareClient);
  const documents = createDocumentClient();
  await createTable(bareClient, USUAL_TABLE, usualTable);

  const seedInto = { documents, tableName: sessionsTable, settings };
  const newUserIds = (count: number): string[] => Array.from({ length: count }, () => `user-${randomUUID()}`);
  const [reader] = await seedUsers(seedInto, newUserIds(1));
  if (reader === undefined) throw new Error("no user was seeded");
  return {
    bareClient,
    bare,
    documents,
    store: createSessionStore({ documents, tableName: sessionsTable, settings }),
    settings,
    sessionsTable,
    usualTable,
    reader,
    readerKey: sessionKey(reader.session.id),
    async freshen() {
      const now = Date.now();
      const { session } = reader;
      const idleExpiresAt = idleExpiry(now, session.expiresAt, settings.timeouts);
      const Item = { ...toSessionItem({ ...session, lastSeenAt: now, idleExpiresAt }) };
      await bare.send(new PutCommand({ TableName: sessionsTable, Item }));
    },
    seed: (count, seenAgoMs = 0) => seedUsers({ ...seedInto, seenAgoMs }, newUserIds(count)),
    newUserIds,
    close() {
      bareClient.destroy();
      documents.destroy();
    },
  };
}
