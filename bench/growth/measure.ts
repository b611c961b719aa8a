/** The process that fills the tables and measures on them. */
import { createDocumentClient } from "../../src/dynamodb/client.ts";
import type { DocumentClient } from "../../src/dynamodb/document-client.ts";
import { createSessionStore } from "../../src/sessions/create-session-store.ts";
import type { SessionStore } from "../../src/sessions/store.ts";
import { INDEXES } from "../../src/sessions/table.ts";
import { localClient } from "../../test/support/local-client.ts";
import { createTable, SESSIONS } from "../../test/support/tables.ts";
import { oneByOne, type Measured } from "../speed/contender.ts";
import { countCalls, type Counts } from "../speed/count-calls.ts";
import { measureRounds, type Block } from "../speed/rounds.ts";
import type { Work } from "../support/child.ts";
import { startCountingProxy } from "../support/counting-proxy.ts";
import { ENDPOINT } from "../support/engine.ts";
import { SETTINGS, writeItems } from "../support/seed.ts";
import { shuffled } from "../support/statistics.ts";
import { logIn, OPERATIONS, undoOf, type Operation } from "./operations.ts";
import { itemsIn, MEASURED_AT, pick, usersOf, type GrowthTable } from "./population.ts";

/** For a parent that runs these. */
export const MEASURING = import.meta.url;

/** The id of an operation on a table. */
export const idOf = (operation: string, table: string): string => `${operation} at ${table}`;

const storeOf = (documents: DocumentClient, tableName: string): SessionStore =>
  createSessionStore({ documents, tableName, settings: SETTINGS, clock: () => MEASURED_AT });

/** A table and those of its users that operations are done to. */
interface Ground {
  readonly table: GrowthTable;
  readonly users: readonly number[];
  readonly displaced: readonly number[];
}

const MOST_DISPLACED = 100;

function groundOf(table: GrowthTable): Ground {
  const all = usersOf(table);
  const displaced = all.slice(0, Math.min(MOST_DISPLACED, Math.floor(all.length / 10)));
  return { table, users: all.slice(displaced.length), displaced };
}

/** Users for each of so many calls; different ones, but for the displaced, to whom nothing is done. */
function subjectsOf(operation: Operation, { table, users, displaced }: Ground, calls: number): number[][] {
  const { subjects, users: each = 1 } = operation;
  const wanted = calls * each;
  const chosen = {
    newcomers: () => Array.from({ length: wanted }, (_, index) => table.sessions + index),
    displaced: () => Array.from({ length: wanted }, (_, index) => pick(displaced, index)),
    users: () => shuffled(users).slice(0, wanted),
  }[subjects]();
  if (chosen.length < wanted) throw new Error(`${table.label} sessions are too few for ${operation.name}`);
  return Array.from({ length: calls }, (_, call) => chosen.slice(call * each, (call + 1) * each));
}

/** All operations on all tables; each leaves its table as it was. */
function contendersOn(grounds: readonly Ground[], documents: DocumentClient): Measured[] {
  return OPERATIONS.flatMap((operation) =>
    grounds.map((ground): Measured => {
      const { table } = ground;
      const store = storeOf(documents, table.name);
      let undos: ReturnType<typeof undoOf>[] = [];
      return {
        id: idOf(operation.name, table.label),
        share: operation.share,
        prepare(calls) {
          const next = oneByOne(subjectsOf(operation, ground, calls));
          return async () => {
            const users = next();
            undos.push(undoOf(operation, users, await operation.run(store, users)));
          };
        },
        async clear() {
          const [put, remove] = [undos.flatMap((undo) => undo.put), undos.flatMap((undo) => undo.remove)];
          undos = [];
          await writeItems(documents, table.name, put, remove);
        },
      };
    }),
  );
}

/** Users written in one go: whole batches, and short enough for progress and for stopping. */
const USERS_IN_A_STRIDE = 2000;

async function fill(
  table: GrowthTable,
  documents: DocumentClient,
  tell: (filledTo: number) => void,
  stop: AbortSignal,
): Promise<void> {
  const client = localClient(process.env[ENDPOINT] ?? "");
  await createTable(client, SESSIONS, table.name);
  client.destroy();
  const itemsOf = itemsIn(table);
  for (let start = 0; start < table.sessions && !stop.aborted; start += USERS_IN_A_STRIDE) {
    const end = Math.min(start + USERS_IN_A_STRIDE, table.sessions);
    const items = Array.from({ length: end - start }, (_, index) => itemsOf(start + index)).flat();
    await writeItems(documents, table.name, items);
    tell(end);
  }
}

export type GrowthReport =
  /** How many of the first users are in the table. */
  | { readonly table: string; readonly filledTo: number }
  | { readonly counts: Counts }
  | { readonly block: Block };

/** Fills all tables, counts all operations on them, and measures those in rounds. */
export const measure: Work<
  { readonly tables: readonly GrowthTable[]; readonly rounds: number; readonly calls: number },
  GrowthReport
> = async function measure({ tables, rounds, calls }, tell, stop) {
  const documents = createDocumentClient();
  for (const table of tables)
    await fill(table, documents, (filledTo) => tell({ table: table.name, filledTo }), stop);
  if (stop.aborted) return;
  const grounds = tables.map(groundOf);
  for (const { table, displaced } of grounds) {
    for (const number of displaced) await logIn(storeOf(documents, table.name), number, 1);
  }
  const proxy = await startCountingProxy(process.env[ENDPOINT] ?? "", () => INDEXES);
  const through = createDocumentClient({ ...process.env, [ENDPOINT]: proxy.endpoint });
  await countCalls(contendersOn(grounds, through), proxy, (counts) => tell({ counts }), stop);
  through.destroy();
  await proxy.stop();
  await measureRounds(contendersOn(grounds, documents), { rounds, calls, stop }, (block) => tell({ block }));
};
