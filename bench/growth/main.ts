/**
 * The store's operations with ever more live sessions in the table. Each table is filled first; then all are
 * measured in the same rounds by this process, the engine being another.
 */
import { availableParallelism } from "node:os";
import { range } from "d3-array";
import { createDocumentClient } from "../../src/dynamodb/client.ts";
import type { DocumentClient } from "../../src/dynamodb/document-client.ts";
import { createSessionStore } from "../../src/sessions/create-session-store.ts";
import type { SessionStore } from "../../src/sessions/store.ts";
import { localClient } from "../../test/support/local-client.ts";
import { createTable, SESSIONS } from "../../test/support/tables.ts";
import { environmentOf, onEngine } from "../support/engine.ts";
import { benchOptions, conclude, option, wholeNumber, wholeNumbers } from "../support/options.ts";
import { startProgress } from "../support/progress.ts";
import { eachOf, type Measured } from "../support/rounds.ts";
import { SETTINGS, writeItems } from "../support/seed.ts";
import { shuffled } from "../support/statistics.ts";
import { grouped } from "../support/tables.ts";
import { countsTable, countVariants, idOf, measureVariants, timesTable } from "../support/variants.ts";
import type { VariantResults } from "../support/variants.ts";
import { logInElsewhere, OPERATIONS, undoOf, type Operation } from "./operations.ts";
import { growthTables, itemsIn, MEASURED_AT, userOf, usersOf } from "./population.ts";
import type { GrowthTable, GrowthUser } from "./population.ts";

const SIZES = [1000, 100_000, 1_000_000];
const options = benchOptions(
  "bench:growth",
  "Measures the store's operations with ever more live sessions in the table, interleaved. " +
    "DynamoDB Local takes some thousands of items a second: filling a million sessions takes minutes.",
  {
    sizes: option("<list>", "live sessions in the tables", wholeNumbers(1000, 10_000_000), SIZES),
    rounds: option("<n>", "rounds of all operations on all tables", wholeNumber(1, 1000), 15),
    calls: option("<n>", "calls in a block; those that do much have fewer", wholeNumber(5, 100), 30),
  },
);

/** Users written in one go: whole batches, and short enough for progress and for stopping. */
const USERS_IN_A_STRIDE = 2000;
const MOST_DISPLACED = 100;

const tables = growthTables(options.sizes);
const results: VariantResults = {
  operations: OPERATIONS.map(({ name }) => name),
  variants: tables.map(({ label }) => label),
  ...{ counts: [], blocks: [] },
};
const said = [`Node.js ${process.version}, ${availableParallelism()} processors (${process.platform}).`];

let endedEarly = false;
try {
  endedEarly = await onEngine(async (endpoint, signal) => {
    const clientAt = (place: string) => createDocumentClient(environmentOf(place));
    const documents = clientAt(endpoint);
    for (const table of tables) await fill(table, documents, endpoint, signal);
    if (signal.aborted) return;
    for (const table of tables) {
      const store = storeOf(table, documents);
      for (const user of subjectsIn(table).displaced) await logInElsewhere(store, user, 1);
    }
    await countVariants(endpoint, (place) => contendersOn(clientAt(place)), results, signal);
    await measureVariants(contendersOn(documents), { ...options, stop: signal }, results);
    documents.destroy();
  });
} finally {
  const milliseconds = (microseconds: number): string => (microseconds / 1000).toFixed(2);
  const head = `p50 ms at ${tables[0]?.label} sessions`;
  const parts = [
    ...(endedEarly ? ["Ended early."] : []),
    ...(results.blocks.length > 0 ? [timesTable(results, [head, milliseconds], (size) => `at ${size}`)] : []),
    ...(results.counts.length > 0 ? [countsTable(results, "at size")] : []),
    said.join("\n"),
  ];
  await conclude(options, parts.join("\n\n"), { options, said, ...results });
}

async function fill(table: GrowthTable, documents: DocumentClient, endpoint: string, stop: AbortSignal) {
  const { name: tableName, label, sessions } = table;
  const client = localClient(endpoint);
  await createTable(client, SESSIONS, tableName);
  client.destroy();
  const progress = startProgress(`filling ${label} sessions`, sessions);
  const startedAt = performance.now();
  for (let start = 0; start < sessions && !stop.aborted; start += USERS_IN_A_STRIDE) {
    const end = Math.min(start + USERS_IN_A_STRIDE, sessions);
    await writeItems({ documents, tableName }, range(start, end).flatMap(itemsIn(table)));
    progress.at(end);
  }
  progress.end();
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
  if (!stop.aborted) said.push(`Filled ${tableName} (${grouped(sessions)} sessions) in ${seconds} s.`);
}

function storeOf({ name: tableName }: GrowthTable, documents: DocumentClient): SessionStore {
  return createSessionStore({ documents, tableName, settings: SETTINGS, clock: () => MEASURED_AT });
}

/** The users of a table to whom something is done. */
function subjectsIn(table: GrowthTable) {
  const all = usersOf(table);
  const displaced = Math.min(MOST_DISPLACED, Math.floor(all.length / 10));
  return { users: all.slice(displaced), displaced: all.slice(0, displaced).map(userOf) };
}

/** All operations on all tables; each leaves its table as it was. */
function contendersOn(documents: DocumentClient): Measured[] {
  return tables.flatMap((table) => {
    const { users, displaced } = subjectsIn(table);
    const someOf = {
      newcomers: (wanted: number) => range(table.sessions, table.sessions + wanted).map(userOf),
      // They are asked about again and again, for nothing is done to them.
      displaced: (wanted: number) => range(wanted).map((index) => displaced[index % displaced.length]),
      users: (wanted: number) => shuffled(users).slice(0, wanted).map(userOf),
    };
    return OPERATIONS.map((operation) =>
      contenderOn(table, documents, operation, someOf[operation.subjects]),
    );
  });
}

/** @param some gives that many different users, if the table has them. */
function contenderOn(
  table: GrowthTable,
  documents: DocumentClient,
  operation: Operation,
  some: (wanted: number) => readonly (GrowthUser | undefined)[],
): Measured {
  const { name, share, users: each = 1 } = operation;
  const [store, place] = [storeOf(table, documents), { documents, tableName: table.name }];
  let undos: ReturnType<typeof undoOf>[] = [];
  const usersFor = (calls: number): GrowthUser[][] => {
    const found = some(calls * each).filter((user) => user !== undefined);
    if (found.length < calls * each) throw new Error(`${table.label} sessions are too few for ${name}`);
    return range(calls).map((call) => found.slice(call * each, (call + 1) * each));
  };
  return {
    id: idOf(name, table.label),
    share,
    prepare: eachOf(usersFor, async (users) => {
      undos.push(undoOf(operation, users, await operation.run(store, users)));
    }),
    async clear() {
      const [put, remove] = [undos.flatMap((undo) => undo.put), undos.flatMap((undo) => undo.remove)];
      undos = [];
      await writeItems(place, put, remove);
    },
  };
}
