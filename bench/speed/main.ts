import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { synthesize } from "../../local/synthesize.ts";
import { inChild, type Work } from "../support/child.ts";
import { onEngine, type Engine } from "../support/engine.ts";
import {
  benchCommand,
  text,
  wholeNumber,
  withResultFiles,
  writeResults,
  type ResultFiles,
} from "../support/options.ts";
import { startProgress } from "../support/progress.ts";
import { shuffled } from "../support/statistics.ts";
import { BULK_WAYS } from "./bulk-logout.ts";
import { bulk, count, load, MEASURING, rounds as measureRounds, seedBulk, type Report } from "./measure.ts";
import { plotOf } from "./plot.ts";
import type { SpeedResults } from "./summary.ts";
import { tablesOf } from "./tables.ts";

interface Options extends ResultFiles {
  readonly rounds: number;
  readonly calls: number;
  readonly loadRounds?: number;
  readonly bulkRounds?: number;
  readonly bulkUsers: number;
  readonly only?: string;
  readonly svg?: string;
}

const options = withResultFiles(
  benchCommand(
    "bench",
    "Measures every operation, and what a user would pick instead, interleaved on one DynamoDB Local; counts round trips and " +
      "capacity units. Nothing is judged: it ends with 0 whatever the numbers are.",
  )
    .option("--rounds <n>", "rounds, each with a block of every contender", wholeNumber(1, 1000), 40)
    .option("--calls <n>", "calls in a block; those that do much have fewer", wholeNumber(5, 10_000), 75)
    .option(
      "--load-rounds <n>",
      "rounds of many calls at once; 0 leaves them out (default: a third of the rounds)",
      wholeNumber(0, 1000),
    )
    .option(
      "--bulk-rounds <n>",
      "administrators' logouts of everybody, each way; 0 leaves them out (default: a fifteenth of the rounds)",
      wholeNumber(0, 100),
    )
    .option("--bulk-users <n>", "how many users everybody is", wholeNumber(100, 100_000), 10_000)
    .option(
      "--only <text>",
      "only contenders with this in their name or id, and what they are compared with",
      text,
    )
    .option("--svg <file>", "also draw the plot there", text),
)
  .parse()
  .opts<Options>();

/** Calls under way at any time, where many are. */
const AT_ONCE = 32;
/** Calls of a block then, for each sequential one: they are faster, and a block must take its time. */
const LOADED_CALLS = 10;

/** What Lambda sets; clients and loggers look at it. */
const LAMBDA = {
  AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
  AWS_LAMBDA_FUNCTION_NAME: "bench",
  AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "512",
  AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
};

if (!existsSync(join(import.meta.dirname, "../node_modules/express"))) {
  console.error("The peers are not installed: `npm ci --prefix bench` installs them.");
  process.exit(1);
}
const measured: Required<{ -readonly [Name in keyof Report]: NonNullable<Report[Name]>[] }> = {
  contenders: [],
  counts: [],
  block: [],
  loadedBlock: [],
  bulkRun: [],
};
const machine = await describeMachine();
const assemblyFolder = await mkdtemp(join(tmpdir(), "single-session-speed-"));
try {
  const endedEarly = await onEngine(async (engine, signal) => {
    await synthesize({ signal, outputFolder: assemblyFolder });
    await measureAll(engine, signal);
  });
  await conclude({
    ...machine,
    endedEarly,
    contenders: measured.contenders.flat(),
    counts: measured.counts,
    blocks: measured.block,
    atOnce: AT_ONCE,
    loadedBlocks: measured.loadedBlock,
    bulkRuns: measured.bulkRun,
  });
} finally {
  await rm(assemblyFolder, { recursive: true, force: true });
}

/**
 * Counts, measures one call after the other, then many at once, then the logouts of everybody; each in
 * processes of their own.
 */
async function measureAll(engine: Engine, signal: AbortSignal): Promise<void> {
  const { rounds, calls, only, bulkUsers: users } = options;
  const { loadRounds = Math.ceil(rounds / 3), bulkRounds = Math.ceil(rounds / 15) } = options;
  const step = async <Task>(
    what: string,
    work: Work<Task & { assemblyFolder: string }, Report>,
    task: Task,
    total?: number,
  ): Promise<void> => {
    if (signal.aborted) return;
    const progress = startProgress(what, total);
    await inChild(
      MEASURING,
      work,
      { ...task, assemblyFolder },
      {
        environment: { ...engine.environment, ...LAMBDA },
        nodeOptions: ["--expose-gc"],
        silent: true,
        signal,
        onMessage(report) {
          for (const [name, value] of Object.entries(report))
            measured[name as keyof Report].push(value as never);
          const block = report.block ?? report.loadedBlock;
          if (block !== undefined) progress.at(block.round);
        },
      },
    );
    progress.end();
  };
  await step("counting", count, { only });
  await step(`${rounds} rounds`, measureRounds, { only, rounds, calls }, rounds);
  if (loadRounds > 0) {
    const task = { only, rounds: loadRounds, calls: calls * LOADED_CALLS, atOnce: AT_ONCE };
    await step(`${loadRounds} rounds of ${AT_ONCE} calls at once`, load, task, loadRounds);
  }
  // They are compared with each other only, so that choosing contenders leaves them out.
  if (only !== undefined) return;
  for (let round = 0; round < bulkRounds; round++) {
    const which = `round ${round + 1} of ${bulkRounds}`;
    await step(`users to log out, ${which}`, seedBulk, { round, users });
    for (const way of shuffled(BULK_WAYS)) {
      await step(`logging out ${users} users, ${way}, ${which}`, bulk, { way, round, users });
    }
  }
}

async function conclude(results: SpeedResults): Promise<void> {
  if (results.blocks.length === 0) process.stderr.write("Nothing was measured.\n");
  else console.log(tablesOf(results));
  await writeResults(options, results, tablesOf(results));
  if (options.svg !== undefined) await writeFile(options.svg, plotOf(results));
}

/** What the numbers depend on most. Both package files pin exact versions: these are the installed ones. */
async function describeMachine(): Promise<Pick<SpeedResults, "date" | "versions" | "processors">> {
  const dependenciesIn = async (file: string): Promise<Record<string, string>> => {
    const content = await readFile(join(import.meta.dirname, file), "utf8");
    return (JSON.parse(content) as { dependencies: Record<string, string> }).dependencies;
  };
  const own = Object.entries(await dependenciesIn("../../package.json"));
  const all = cpus();
  return {
    date: new Date().toISOString(),
    versions: {
      "Node.js": process.versions.node,
      ...Object.fromEntries(own.filter(([name]) => /(?:client|lib)-dynamodb$/.test(name))),
      ...(await dependenciesIn("../package.json")),
    },
    processors: { model: all[0]?.model.trim() ?? "unknown", count: all.length },
  };
}
