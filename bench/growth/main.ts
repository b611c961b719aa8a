import { writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { residentBytes } from "../../proof/load/stack-child.ts";
import { startEngine, type Engine } from "../support/engine.ts";
import { interruption, INTERRUPTED } from "../../cli/interruption.ts";
import { runMeasuringChild } from "../support/measuring-child.ts";
import { readGrowthArguments } from "./arguments.ts";
import { openFilled } from "./filled.ts";
import type {
  FillMessage,
  FillTask,
  MeasureMessage,
  MeasureTask,
  RevokeMeasurement,
  RevokeTask,
  ScanMessage,
  ScanTask,
} from "./messages.ts";
import { startProgress } from "./progress.ts";
import { reportOf } from "./report.ts";
import type { GrowthResults } from "./results.ts";
import { growthTables, type GrowthTable } from "./tables.ts";

/**
 * The store's operations with ever more live sessions in the table, and the bulk revoke with its memory. Each
 * table is filled first; then all are measured in the same rounds by one process, the engine being another.
 */

const options = readGrowthArguments(process.argv);
const signal = interruption();
const tables = growthTables(options.sizes);
const filled = openFilled(options.data);
const results: GrowthResults = {
  machine: `Node.js ${process.version}, ${availableParallelism()} processors (${process.platform})`,
  fillRates: [],
  tables: tables.map(({ label }) => label),
  counts: [],
  rounds: [],
  scans: [],
  revokes: [],
};

try {
  const engine = await startEngine(signal, options.data);
  try {
    for (const step of [fillAll, measure, scan, revoke]) if (!signal.aborted) await step(engine);
  } finally {
    await engine.stop();
  }
} catch (error) {
  if (!signal.aborted) throw error;
} finally {
  await report();
}
if (signal.aborted) process.exitCode = INTERRUPTED;

async function report(): Promise<void> {
  console.log(`${signal.aborted ? "Ended early.\n\n" : ""}${reportOf(results)}`);
  if (options.json !== undefined)
    await writeFile(options.json, `${JSON.stringify({ options, ...results }, undefined, 2)}\n`);
  if (options.markdown !== undefined) await writeFile(options.markdown, reportOf(results));
}

async function fillAll(engine: Engine): Promise<void> {
  for (const table of tables) {
    if (signal.aborted) return;
    await fillTable(engine, table, options.rosters);
  }
}

async function fillTable(
  { environment, pid }: Engine,
  table: GrowthTable,
  rosters: "all" | "measured",
): Promise<void> {
  const from = filled.of(table.name, rosters);
  const startedAt = performance.now();
  const progress = startProgress(`filling ${table.label} sessions`, table.sessions, from);
  await runMeasuringChild<FillMessage>({
    script: new URL("./fill-process.ts", import.meta.url),
    task: { table, rosters, from } satisfies FillTask,
    environment,
    onMessage({ filledTo }) {
      filled.note(table.name, rosters, filledTo);
      progress.at(filledTo);
    },
    signal,
  });
  progress.end();
  if (signal.aborted || from >= table.sessions) return;
  const seconds = (performance.now() - startedAt) / 1000;
  const databaseRssBytes = await residentBytes(pid);
  results.fillRates.push({
    table: table.name,
    sessions: table.sessions - from,
    seconds,
    ...(databaseRssBytes !== undefined && { databaseRssBytes }),
  });
}

async function measure({ environment }: Engine): Promise<void> {
  const progress = startProgress("round", options.rounds);
  await runMeasuringChild<MeasureMessage>({
    script: new URL("./measure-process.ts", import.meta.url),
    task: { tables, rounds: options.rounds } satisfies MeasureTask,
    environment,
    onMessage(message) {
      if (message.type === "counts") results.counts.push(message.counts);
      else progress.at(results.rounds.push(message.times));
    },
    signal,
  });
  progress.end();
}

async function scan({ environment }: Engine): Promise<void> {
  if (options.scan === 0) return;
  const progress = startProgress("filling the store without an index", options.scan);
  await runMeasuringChild<ScanMessage>({
    script: new URL("./scan-process.ts", import.meta.url),
    task: { sessions: options.scan } satisfies ScanTask,
    environment,
    onMessage(message) {
      if (message.type === "filled") progress.at(message.sessions);
      else results.scans.push(message.scan);
    },
    signal,
  });
  progress.end();
}

/** In a table of its own, which it leaves without sessions. */
async function revoke(engine: Engine): Promise<void> {
  const sessions = options.revoke.reduce((sum, users) => sum + users, 0);
  const table = { name: "growth-revoke", label: `${sessions.toLocaleString("en")} to revoke,`, sessions };
  filled.note(table.name, "all", 0);
  await fillTable(engine, table, "all");
  let first = 0;
  for (const users of options.revoke) {
    if (signal.aborted) return;
    process.stderr.write(`revoking ${users.toLocaleString("en")} users\n`);
    await runMeasuringChild<RevokeMeasurement>({
      script: new URL("./revoke-process.ts", import.meta.url),
      task: { tableName: table.name, first, users, chunk: options.chunk } satisfies RevokeTask,
      environment: engine.environment,
      nodeOptions: ["--expose-gc"],
      onMessage: (measured) => void results.revokes.push(measured),
      signal,
    });
    first += users;
  }
}
