/** Logins, logouts and validations with the outbox off, on and broken, in turns, on one DynamoDB Local. */
import { setTimeout as sleep } from "node:timers/promises";
import { UpdateTableCommand } from "@aws-sdk/client-dynamodb";
import { createDocumentClient } from "../../src/dynamodb/client.ts";
import { INDEXES } from "../../src/sessions/table.ts";
import { localDocuments } from "../../test/support/local-client.ts";
import { createTable, SESSIONS } from "../../test/support/tables.ts";
import { measureRounds, type Block } from "../speed/rounds.ts";
import { inChild } from "../support/child.ts";
import {
  requestsByKind,
  startCountingProxy,
  totalUnits,
  type CountingProxy,
} from "../support/counting-proxy.ts";
import { environmentOf, onEngine, type Engine } from "../support/engine.ts";
import {
  benchCommand,
  wholeNumber,
  withResultFiles,
  writeResults,
  type ResultFiles,
} from "../support/options.ts";
import { startProgress } from "../support/progress.ts";
import { besideInRounds, spreadOf } from "../support/statistics.ts";
import { requestsText, tableOf, timesOf, type Column } from "../support/tables.ts";
import { contendersOf, idOf, OPERATIONS, OUTBOXES, type Operation, type OutboxState } from "./contenders.ts";
import { READING, readStream, type ReadReport } from "./reader.ts";

interface Options extends ResultFiles {
  readonly rounds: number;
  readonly calls: number;
}
const options = withResultFiles(
  benchCommand(
    "bench:outbox",
    "Measures logins, logouts and validations with the outbox off, on and broken (neither bus nor queue takes anything), interleaved on one DynamoDB Local; counts round trips and units. Nothing is judged.",
  )
    .option(
      "--rounds <n>",
      "rounds, each with a block of every operation and state",
      wholeNumber(1, 1000),
      30,
    )
    .option("--calls <n>", "calls in a block", wholeNumber(5, 10_000), 50),
)
  .parse()
  .opts<Options>();

/** What a call asks of the database, exactly. */
interface Counted {
  readonly requests: string;
  readonly roundTrips: number;
  readonly reads: number;
  readonly writes: number;
}
interface Table {
  readonly state: OutboxState;
  readonly tableName: string;
  readonly streamArn: string;
}

await onEngine(async (engine, signal) => {
  const tables = await Promise.all(OUTBOXES.map((state) => createTableOf(engine, state)));
  const counts = new Map<string, Counted>();
  for (const table of tables) await countAll(engine, table, counts);
  const reports = new Map<OutboxState, ReadReport>();
  const stopping = new AbortController();
  signal.addEventListener("abort", () => stopping.abort());
  const readers = tables
    .filter(({ state }) => state !== "off")
    .map((table) => startReader(engine, table, reports, stopping.signal));
  const blocks = await measure(engine, tables, signal);
  // What the last block changed is read now.
  if (!signal.aborted) await sleep(2000);
  stopping.abort();
  await Promise.all(readers);
  const text = tablesOf(blocks, counts, reports);
  console.log(text);
  await writeResults(options, { blocks, counts: [...counts], reports: [...reports] }, text);
});

async function createTableOf({ endpoint }: Engine, state: OutboxState): Promise<Table> {
  const client = localDocuments(endpoint);
  const tableName = await createTable(client, SESSIONS);
  const { TableDescription: description } = await client.send(
    new UpdateTableCommand({
      TableName: tableName,
      StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
    }),
  );
  client.destroy();
  return { state, tableName, streamArn: description?.LatestStreamArn ?? "" };
}

async function countAll(engine: Engine, { state, tableName }: Table, counts: Map<string, Counted>) {
  const proxy: CountingProxy = await startCountingProxy(engine.endpoint, () => INDEXES);
  const documents = createDocumentClient(environmentOf(proxy.endpoint));
  for (const contender of contendersOf(documents, tableName, state)) {
    const call = await contender.prepare(1);
    const { requests, roundTrips } = await proxy.during(call);
    const { reads, writes } = totalUnits(requests);
    counts.set(contender.id, { requests: requestsText(requestsByKind(requests)), roundTrips, reads, writes });
  }
  documents.destroy();
  await proxy.stop();
}

function startReader(
  { environment }: Engine,
  { state, tableName, streamArn }: Table,
  reports: Map<OutboxState, ReadReport>,
  signal: AbortSignal,
): Promise<void> {
  const task = { tableName, streamArn, isBroken: state === "broken" };
  return inChild(READING, readStream, task, {
    environment,
    silent: true,
    signal,
    onMessage: (report) => void reports.set(state, { ...reports.get(state), ...report }),
  });
}

async function measure(engine: Engine, tables: readonly Table[], stop: AbortSignal): Promise<Block[]> {
  const documents = createDocumentClient(environmentOf(engine.endpoint));
  const contenders = tables.flatMap(({ tableName, state }) => contendersOf(documents, tableName, state));
  const progress = startProgress(`${options.rounds} rounds`, options.rounds);
  const blocks: Block[] = [];
  await measureRounds(contenders, { ...options, stop }, (block) => {
    blocks.push(block);
    progress.at(block.round);
  });
  progress.end();
  documents.destroy();
  return blocks;
}

function tablesOf(
  blocks: readonly Block[],
  counts: ReadonlyMap<string, Counted>,
  reports: ReadonlyMap<OutboxState, ReadReport>,
): string {
  const of = (operation: Operation, state: OutboxState) =>
    blocks.filter(({ id }) => id === idOf(operation, state));
  const ratio = (operation: Operation, state: OutboxState): string => {
    const others = [idOf(operation, "off")];
    const spread = besideInRounds(of(operation, state), blocks, others, (own, off) => own.p50 / off.p50);
    return spread === undefined ? "" : timesOf(spread);
  };
  const speed: Column<Operation>[] = [
    ["store call", (operation) => operation],
    ["off, p50 µs", (operation) => spreadOf(of(operation, "off").map(({ p50 }) => p50)).median.toFixed(0)],
    ["on, to off", (operation) => ratio(operation, "on")],
    ["broken, to off", (operation) => ratio(operation, "broken")],
  ];
  type Row = readonly [Operation, OutboxState];
  const counted = ([operation, state]: Row): Counted | undefined => counts.get(idOf(operation, state));
  const asked: Column<Row>[] = [
    ["store call", ([operation]) => operation],
    ["outbox", ([, state]) => state],
    ["requests", (row) => counted(row)?.requests ?? ""],
    ["round trips", (row) => String(counted(row)?.roundTrips)],
    ["read units", (row) => String(counted(row)?.reads)],
    ["write units", (row) => String(counted(row)?.writes)],
  ];
  const rows = OPERATIONS.flatMap((operation) => OUTBOXES.map((state): Row => [operation, state]));
  const said = [...reports].map(
    ([state, { told = 0, calls = 0 }]) => `${state}: ${told} events told in ${calls} calls of the function.`,
  );
  return [tableOf(OPERATIONS, speed), tableOf(rows, asked), said.join("\n")].join("\n\n");
}
