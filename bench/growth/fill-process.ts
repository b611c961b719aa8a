/** Fills one table, in a process of its own. */
import { createDocumentClient } from "../../src/dynamodb/client.ts";
import { SESSIONS } from "../../test/support/tables.ts";
import { runAsChild, taskOf, tell } from "../support/measuring-child.ts";
import { ensureTable, fill } from "./fill.ts";
import type { FillMessage, FillTask } from "./messages.ts";
import { itemsIn } from "./tables.ts";

const { table, rosters, from } = taskOf() as FillTask;

await runAsChild(async (stop) => {
  const documents = createDocumentClient();
  await ensureTable(table.name, SESSIONS);
  const plan = { tableName: table.name, users: table.sessions, from };
  await fill(
    documents,
    plan,
    itemsIn(table, rosters),
    (filledTo) => tell({ filledTo } satisfies FillMessage),
    stop,
  );
  documents.destroy();
});
