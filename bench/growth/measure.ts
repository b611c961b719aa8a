/** The processes that measure. Times are milliseconds, memory is bytes. */
import { createDocumentClient } from "../../src/dynamodb/client.ts";
import type { DocumentClient } from "../../src/dynamodb/document-client.ts";
import { createSessionStore } from "../../src/sessions/create-session-store.ts";
import type { SessionStore } from "../../src/sessions/store.ts";
import { INDEXES } from "../../src/sessions/table.ts";
import type { Work } from "../support/child.ts";
import { requestsByKind, startCountingProxy, totalUnits } from "../support/counting-proxy.ts";
import { ENDPOINT } from "../support/engine.ts";
import { watchMemory } from "../support/memory.ts";
import { SETTINGS, writeItems } from "../support/seed.ts";
import { interleaved, median, shuffled } from "../support/statistics.ts";
import type { Units } from "../support/units.ts";
import { logIn, OPERATIONS, revoke, undoOf, type Operation } from "./operations.ts";
import { MEASURED_AT, userIdOf, usersOf, type GrowthTable } from "./population.ts";

/** For a parent that runs these. */
export const MEASURING = import.meta.url;

/** The requests of one operation at one size. */
export interface OperationCounts {
  readonly operation: string;
  readonly table: string;
  readonly requests: Readonly<Record<string, number>>;
  /** Requests one after the other; those under way at once count once. */
  readonly roundTrips: number;
  readonly units: Units;
}

/** The median time of one operation on one table in one round. */
export interface RoundTime {
  readonly operation: string;
  readonly table: string;
  readonly ms: number;
}

/**
 * One bulk revoke. Memory is over the baseline: the highest seen in any call, its garbage included, and what
 * is left after the last. Garbage is collected between the calls, which `ms` leaves out.
 */
export interface RevokeMeasurement {
  readonly users: number;
  readonly calls: number;
  readonly ms: number;
  readonly requests: Readonly<Record<string, number>>;
  readonly peakHeapBytes: number;
  readonly peakRssBytes: number;
  readonly heapLeftBytes: number;
}

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

/** Different users for each of so many calls. */
function subjectsOf(operation: Operation, { table, users, displaced }: Ground, calls: number): number[][] {
  const { subjects, users: each = 1 } = operation;
  const wanted = calls * each;
  const chosen =
    subjects === "newcomers"
      ? Array.from({ length: wanted }, (_, index) => table.sessions + index)
      : shuffled(subjects === "displaced" ? displaced : users).slice(0, wanted);
  if (chosen.length < wanted) throw new Error(`${table.label} sessions are too few for ${operation.name}`);
  return Array.from({ length: calls }, (_, call) => chosen.slice(call * each, (call + 1) * each));
}

/** Counts all operations on all tables, then measures them in rounds. */
export const measure: Work<
  { readonly tables: readonly GrowthTable[]; readonly rounds: number },
  { readonly counts: OperationCounts } | { readonly times: readonly RoundTime[] }
> = async function measure({ tables, rounds }, tell, stop) {
  const documents = createDocumentClient();
  const grounds = tables.map(groundOf);
  for (const { table, displaced } of grounds) {
    for (const number of displaced) await logIn(storeOf(documents, table.name), number, 1);
  }
  for (const ground of grounds) await count(ground, documents, (counts) => tell({ counts }));
  const pairs = OPERATIONS.flatMap((operation) => grounds.map((ground) => ({ operation, ground })));
  let times: RoundTime[] = [];
  for (const { thing, round } of interleaved(pairs, rounds + 1, stop)) {
    times.push(await measureOne(thing.operation, thing.ground, documents));
    if (times.length < pairs.length) continue;
    // The first round is for the compilers of both sides.
    if (round > 0) tell({ times });
    times = [];
  }
};

async function count(
  ground: Ground,
  documents: DocumentClient,
  tell: (counts: OperationCounts) => void,
): Promise<void> {
  const { table } = ground;
  const proxy = await startCountingProxy(process.env[ENDPOINT] ?? "", () => INDEXES);
  const through = createDocumentClient({ ...process.env, [ENDPOINT]: proxy.endpoint });
  for (const operation of OPERATIONS) {
    const [users = []] = subjectsOf(operation, ground, 1);
    const run = (): ReturnType<Operation["run"]> => operation.run(storeOf(through, table.name), users);
    const { result: made, requests, roundTrips } = await proxy.during(run);
    const { put, remove } = undoOf(operation, users, made);
    await writeItems(documents, table.name, put, remove);
    tell({
      operation: operation.name,
      table: table.label,
      requests: requestsByKind(requests),
      roundTrips,
      units: totalUnits(requests),
    });
  }
  through.destroy();
  await proxy.stop();
}

async function measureOne(
  operation: Operation,
  ground: Ground,
  documents: DocumentClient,
): Promise<RoundTime> {
  const { table } = ground;
  const store = storeOf(documents, table.name);
  const samples: number[] = [];
  const undos = [];
  for (const users of subjectsOf(operation, ground, operation.samples)) {
    const startedAt = performance.now();
    const made = await operation.run(store, users);
    samples.push(performance.now() - startedAt);
    undos.push(undoOf(operation, users, made));
  }
  const put = undos.flatMap((undo) => undo.put);
  const remove = undos.flatMap((undo) => undo.remove);
  await writeItems(documents, table.name, put, remove);
  return { operation: operation.name, table: table.label, ms: median(samples) };
}

const SAMPLE_EVERY_MS = 2;

/** The bulk revoke of many users, call after call as an operator would make them. It needs `--expose-gc`. */
export const revokeAll: Work<
  { readonly tableName: string; readonly first: number; readonly users: number; readonly chunk: number },
  RevokeMeasurement
> = async function revokeAll({ tableName, first, users, chunk }, tell, stop) {
  const requests: Record<string, number> = {};
  const store = storeOf(counting(createDocumentClient(), requests), tableName);
  // Connections, and what is made at first use, belong to the baseline.
  await store.revoke({ userIds: ["nobody"], revokedBy: "growth" });
  for (const name of Object.keys(requests)) Reflect.deleteProperty(requests, name);

  const memory = watchMemory(SAMPLE_EVERY_MS);
  const startedAt = performance.now();
  let [done, calls, collecting] = [0, 0, 0];
  while (done < users) {
    if (stop.aborted) return;
    const userIds = Array.from({ length: Math.min(chunk, users - done) }, (_, index) =>
      userIdOf(first + done + index),
    );
    await revoke(store, userIds);
    memory.look();
    // Each call of an operator is an invocation of its own: the garbage of one is not memory that the next
    // one needs.
    const pausedAt = performance.now();
    memory.collect();
    collecting += performance.now() - pausedAt;
    done += userIds.length;
    calls++;
  }
  const ms = performance.now() - startedAt - collecting;
  tell({ users, calls, ms, requests, ...memory.end() });
};

/** The client, counting what is sent by kind. */
const counting = (documents: DocumentClient, requests: Record<string, number>): DocumentClient => ({
  send(command) {
    const name = command.constructor.name.replace(/Command$/, "");
    requests[name] = (requests[name] ?? 0) + 1;
    return documents.send(command);
  },
  destroy: () => documents.destroy(),
});
