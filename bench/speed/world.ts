import { randomUUID } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import { USUAL_TABLE } from "../../local/lab/usual-way.ts";
import { createDocumentClient } from "../../src/dynamodb/client.ts";
import { createSessionStore } from "../../src/sessions/create-session-store.ts";
import type { SessionSettings } from "../../src/sessions/dependencies.ts";
import { toSessionItem } from "../../src/sessions/items.ts";
import { idleExpiry } from "../../src/sessions/session.ts";
import { INDEXES, sessionKey } from "../../src/sessions/table.ts";
import { createTable } from "../../test/support/tables.ts";
import type { TableShapes } from "../support/counting-proxy.ts";
import { newUserIds, seedUsers } from "../support/seed.ts";

export interface WorldOptions {
  /** An existing sessions table. */
  readonly sessionsTable: string;
  readonly settings: SessionSettings;
}

/**
 * Makes what the contenders share: one database, its tables, the clients, and the one session that all of
 * them read. Region, credentials and endpoint come from the environment.
 */
export async function createWorld({ sessionsTable, settings }: WorldOptions) {
  // Made with no options at all, as the SDK's documentation has it.
  const bareClient = new DynamoDBClient({});
  const bare = DynamoDBDocumentClient.from(bareClient);
  // The functions' own client, and their store over it.
  const documents = createDocumentClient();
  const place = { documents, tableName: sessionsTable, settings };
  const usualTable = await createTable(bareClient, USUAL_TABLE, `${USUAL}${randomUUID()}`);
  const [reader] = await seedUsers(place, newUserIds(1));
  if (reader === undefined) throw new Error("no user was seeded");
  return {
    ...{ bareClient, bare, documents, settings, sessionsTable },
    store: createSessionStore(place),
    /** The table of the usual login. */
    usualTable,
    /** The session that is read. Its item never changes but for its times. */
    reader,
    readerKey: sessionKey(reader.session.id),
    /** Puts the reader's session anew, as seen now: reading it then records no activity. */
    async freshen(): Promise<void> {
      const now = Date.now();
      const { session } = reader;
      const idleExpiresAt = idleExpiry(now, session.expiresAt, settings.timeouts);
      const Item = { ...toSessionItem({ ...session, lastSeenAt: now, idleExpiresAt }) };
      await bare.send(new PutCommand({ TableName: sessionsTable, Item }));
    },
    /** New users with a session each. */
    seed: (count: number, seenAgoMs = 0) => seedUsers(place, newUserIds(count), seenAgoMs),
    close(): void {
      bareClient.destroy();
      documents.destroy();
    },
  };
}
export type World = Awaited<ReturnType<typeof createWorld>>;

/** How the names of tables of the usual login begin. */
const USUAL = "usual-";

/** The indexes of the world's tables. The peers' calls that are counted write to no table with an index. */
export const shapesOf =
  ({ sessionsTable }: Pick<World, "sessionsTable">): TableShapes =>
  (tableName) => {
    if (tableName === sessionsTable) return INDEXES;
    return tableName.startsWith(USUAL) ? USUAL_TABLE.indexes : [];
  };
