/** Measures the operations on all tables, in a process of its own. */
import { createSessionStore } from "../../src/sessions/create-session-store.ts";
import type { DocumentClient } from "../../src/dynamodb/document-client.ts";
import { createDocumentClient } from "../../src/dynamodb/client.ts";
import type { SessionStore } from "../../src/sessions/store.ts";
import { startCountingProxy, requestsByKind, totalUnits } from "../support/counting-proxy.ts";
import { runAsChild, taskOf, tell } from "../support/measuring-child.ts";
import { median } from "../support/quantiles.ts";
import { INDEXES } from "../../src/sessions/table.ts";
import { shuffled } from "../support/shuffled.ts";
import { write } from "./fill.ts";
import type { MeasureMessage, MeasureTask, RoundTime } from "./messages.ts";
import { displace, OPERATIONS, type Operation, type Undo } from "./operations.ts";
import { MEASURED_AT, SETTINGS } from "./population.ts";
import { usersOf, type GrowthTable } from "./tables.ts";

const ENDPOINT = "AWS_ENDPOINT_URL_DYNAMODB";
const MOST_DISPLACED = 100;

/** A table and those of its users that operations are done to. */
interface Ground {
  readonly table: GrowthTable;
  readonly users: readonly number[];
  readonly displaced: readonly number[];
}

const task = taskOf() as MeasureTask;

await runAsChild(async (stop) => {
  const documents = createDocumentClient();
  const grounds = task.tables.map(groundOf);
  for (const { table, displaced } of grounds) {
    const store = storeOf(documents, table.name);
    for (const number of displaced) await displace(store, number);
  }
  for (const ground of grounds) await count(ground, documents);
  // The first is for the compilers of both sides, and told to nobody.
  const isOver = (): boolean => stop.aborted;
  for (let round = 0; round <= task.rounds && !isOver(); round++) {
    const times = await measureRound(grounds, documents, stop);
    if (round > 0 && !isOver()) tell({ type: "round", times } satisfies MeasureMessage);
  }
  documents.destroy();
});

function groundOf(table: GrowthTable): Ground {
  const all = usersOf(table);
  const displaced = all.slice(0, Math.min(MOST_DISPLACED, Math.floor(all.length / 10)));
  return { table, users: all.slice(displaced.length), displaced };
}

function storeOf(documents: DocumentClient, tableName: string): SessionStore {
  return createSessionStore({ documents, tableName, settings: SETTINGS, clock: () => MEASURED_AT });
}

async function count({ table, ...ground }: Ground, documents: DocumentClient): Promise<void> {
  const proxy = await startCountingProxy(process.env[ENDPOINT] ?? "", () => INDEXES);
  const through = createDocumentClient({ ...process.env, [ENDPOINT]: proxy.endpoint });
  const store = storeOf(through, table.name);
  for (const operation of OPERATIONS) {
    const [subjects = []] = subjectsOf(operation, { table, ...ground }, 1);
    const { result: undo, requests, roundTrips } = await proxy.during(() => operation.run(store, subjects));
    await write(documents, table.name, undo);
    tell({
      type: "counts",
      counts: {
        operation: operation.name,
        table: table.label,
        requests: requestsByKind(requests),
        roundTrips,
        units: totalUnits(requests),
      },
    } satisfies MeasureMessage);
  }
  through.destroy();
  await proxy.stop();
}

/**
 * Each operation on each table, in random order, so that a slow moment of the machine meets all of them
 * alike.
 */
async function measureRound(
  grounds: readonly Ground[],
  documents: DocumentClient,
  stop: AbortSignal,
): Promise<RoundTime[]> {
  const times: RoundTime[] = [];
  const all = OPERATIONS.flatMap((operation) => grounds.map((ground) => ({ operation, ground })));
  for (const { operation, ground } of shuffled(all)) {
    if (stop.aborted) break;
    const { table } = ground;
    const store = storeOf(documents, table.name);
    const samples: number[] = [];
    const undos: Undo[] = [];
    for (const subjects of subjectsOf(operation, ground, operation.samples)) {
      const startedAt = performance.now();
      const undo = await operation.run(store, subjects);
      samples.push(performance.now() - startedAt);
      undos.push(undo);
    }
    const put = undos.flatMap((undo) => undo.put);
    const remove = undos.flatMap((undo) => undo.remove);
    await write(documents, table.name, { put, remove });
    times.push({ operation: operation.name, table: table.label, ms: median(samples) });
  }
  return times;
}

/** Different users for each of so many calls. */
function subjectsOf(operation: Operation, { table, users, displaced }: Ground, calls: number): number[][] {
  const wanted = calls * operation.users;
  const chosen =
    operation.subjects === "newcomers"
      ? Array.from({ length: wanted }, (_, index) => table.sessions + index)
      : shuffled(operation.subjects === "displaced" ? displaced : users).slice(0, wanted);
  if (chosen.length < wanted) throw new Error(`${table.label} sessions are too few for ${operation.name}`);
  return Array.from({ length: calls }, (_, call) =>
    chosen.slice(call * operation.users, (call + 1) * operation.users),
  );
}
