/**
 * The store's operations with ever more live sessions in the table, and the bulk revoke with its memory. Each
 * table is filled first; then all are measured in the same rounds by one process, the engine being another.
 */
import { availableParallelism } from "node:os";
import { Option } from "commander";
import { residentBytes } from "../../proof/load/stack-child.ts";
import { inChild } from "../support/child.ts";
import { onEngine, type Engine } from "../support/engine.ts";
import {
  benchCommand,
  text,
  wholeNumber,
  wholeNumbers,
  withResultFiles,
  writeResults,
  type ResultFiles,
} from "../support/options.ts";
import { startProgress } from "../support/progress.ts";
import { grouped } from "../support/tables.ts";
import { openFilled } from "./filled.ts";
import { FILLING, fillTable, scan } from "./filling.ts";
import { measure, MEASURING, revokeAll } from "./measure.ts";
import { growthTables, ROSTERS, type GrowthTable, type Rosters } from "./population.ts";
import { reportOf, type GrowthResults } from "./report.ts";

interface Options extends ResultFiles {
  readonly sizes: readonly number[];
  readonly rounds: number;
  readonly revoke: readonly number[];
  readonly chunk: number;
  readonly scan: number;
  readonly rosters: Rosters;
  readonly data?: string;
}

const MILLION = 1_000_000;

const options = withResultFiles(
  benchCommand(
    "bench:growth",
    "Measures the store's operations with ever more live sessions in the table, interleaved, and the bulk revoke with its memory. " +
      "DynamoDB Local takes some thousands of items a second: filling a million sessions takes minutes.",
  )
    .option(
      "--sizes <list>",
      "live sessions in the tables",
      wholeNumbers(200, 10 * MILLION),
      [1000, 100_000, 1_000_000],
    )
    .option("--rounds <n>", "rounds of all operations on all tables", wholeNumber(1, 1000), 15)
    .option("--revoke <list>", "users of the bulk revokes", wholeNumbers(1, MILLION), [10, 1000, 100_000])
    .option("--chunk <n>", "users in one call of the bulk revoke", wholeNumber(1, MILLION), 1000)
    .option(
      "--scan <n>",
      "sessions of the store without an index, 0 for none",
      wholeNumber(0, MILLION),
      100_000,
    )
    .addOption(
      new Option(
        "--rosters <which>",
        "whose rosters are in the tables: everybody's, or those of users measured",
      )
        .choices(ROSTERS)
        .default("measured"),
    )
    .option(
      "--data <folder>",
      "keeps the tables there: an interrupted filling goes on, a filled table is used again (slow on a disk; /dev/shm is memory)",
      text,
    ),
)
  .parse()
  .opts<Options>();

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
  const endedEarly = await onEngine(async (engine, signal) => {
    for (const step of [fillAll, measureAll, scanAll, revokeEverybody]) {
      if (!signal.aborted) await step(engine, signal);
    }
  }, options.data);
  if (endedEarly) console.log("Ended early.\n");
} finally {
  console.log(reportOf(results));
  await writeResults(options, { options, ...results }, reportOf(results));
}

async function fillAll(engine: Engine, signal: AbortSignal): Promise<void> {
  for (const table of tables) if (!signal.aborted) await fillOne(engine, signal, table, options.rosters);
}

async function fillOne(
  { environment, pid }: Engine,
  signal: AbortSignal,
  table: GrowthTable,
  rosters: Rosters,
): Promise<void> {
  const from = filled.of(table.name, rosters);
  const startedAt = performance.now();
  const progress = startProgress(`filling ${table.label} sessions`, table.sessions, from);
  await inChild(
    FILLING,
    fillTable,
    { table, rosters, from },
    {
      environment,
      signal,
      onMessage({ filledTo }) {
        filled.note(table.name, rosters, filledTo);
        progress.at(filledTo);
      },
    },
  );
  progress.end();
  if (signal.aborted || from >= table.sessions) return;
  const seconds = (performance.now() - startedAt) / 1000;
  const held = await residentBytes(pid);
  results.fillRates.push({
    table: table.name,
    sessions: table.sessions - from,
    seconds,
    ...(held !== undefined && { databaseRssBytes: held }),
  });
}

async function measureAll({ environment }: Engine, signal: AbortSignal): Promise<void> {
  const { rounds } = options;
  const progress = startProgress("rounds", rounds);
  await inChild(
    MEASURING,
    measure,
    { tables, rounds },
    {
      environment,
      signal,
      onMessage(message) {
        if ("counts" in message) results.counts.push(message.counts);
        else progress.at(results.rounds.push(message.times));
      },
    },
  );
  progress.end();
}

async function scanAll({ environment }: Engine, signal: AbortSignal): Promise<void> {
  const { scan: sessions } = options;
  if (sessions === 0) return;
  const progress = startProgress("filling the store without an index", sessions);
  await inChild(
    FILLING,
    scan,
    { sessions },
    {
      environment,
      signal,
      onMessage(message) {
        if ("filledTo" in message) progress.at(message.filledTo);
        else results.scans.push(message.scan);
      },
    },
  );
  progress.end();
}

/** In a table of its own, which it leaves without sessions. */
async function revokeEverybody(engine: Engine, signal: AbortSignal): Promise<void> {
  const { revoke, chunk } = options;
  const sessions = revoke.reduce((sum, users) => sum + users, 0);
  const table = { name: "growth-revoke", label: `${grouped(sessions)} to revoke,`, sessions };
  filled.note(table.name, "all", 0);
  await fillOne(engine, signal, table, "all");
  let first = 0;
  for (const users of revoke) {
    if (signal.aborted) return;
    const progress = startProgress(`revoking ${grouped(users)} users`);
    await inChild(
      MEASURING,
      revokeAll,
      { tableName: table.name, first, users, chunk },
      {
        environment: engine.environment,
        nodeOptions: ["--expose-gc"],
        onMessage: (measured) => void results.revokes.push(measured),
        signal,
      },
    );
    progress.end();
    first += users;
  }
}
