import { localDocuments } from "../../test/support/local-client.ts";
import { createTable, SESSIONS, USERS } from "../../test/support/tables.ts";
import type { Place } from "./functions.ts";

/** Tables of their own in a database, for plans. */
export async function createPlace(endpoint: string): Promise<Place> {
  const documents = localDocuments(endpoint, { maxAttempts: 1 });
  const tables = {
    sessions: await createTable(documents, SESSIONS),
    users: await createTable(documents, USERS),
  };
  return { documents, tables };
}
