/**
 * The store's operations with ever more live sessions in the table. Each table is filled first; then all are
 * measured in the same rounds by one process, the engine being another.
 */
import { availableParallelism } from "node:os";
import { inChild } from "../support/child.ts";
import { onEngine, type Engine } from "../support/engine.ts";
import {
  benchCommand,
  wholeNumber,
  wholeNumbers,
  withResultFiles,
  writeResults,
  type ResultFiles,
} from "../support/options.ts";
import { startProgress, type Progress } from "../support/progress.ts";
import { measure, MEASURING, type GrowthReport } from "./measure.ts";
import { growthTables } from "./population.ts";
import { reportOf, type GrowthResults } from "./report.ts";

interface Options extends ResultFiles {
  readonly sizes: readonly number[];
  readonly rounds: number;
  readonly calls: number;
}

const options = withResultFiles(
  benchCommand(
    "bench:growth",
    "Measures the store's operations with ever more live sessions in the table, interleaved. " +
      "DynamoDB Local takes some thousands of items a second: filling a million sessions takes minutes.",
  )
    .option(
      "--sizes <list>",
      "live sessions in the tables",
      wholeNumbers(1000, 10_000_000),
      [1000, 100_000, 1_000_000],
    )
    .option("--rounds <n>", "rounds of all operations on all tables", wholeNumber(1, 1000), 15)
    .option("--calls <n>", "calls in a block; those that do much have fewer", wholeNumber(5, 100), 30),
)
  .parse()
  .opts<Options>();

const tables = growthTables(options.sizes);
const results: GrowthResults = {
  machine: `Node.js ${process.version}, ${availableParallelism()} processors (${process.platform})`,
  fillRates: [],
  tables: tables.map(({ label }) => label),
  counts: [],
  blocks: [],
};

try {
  const endedEarly = await onEngine(measureAll);
  if (endedEarly) console.log("Ended early.\n");
} finally {
  console.log(reportOf(results));
  await writeResults(options, { options, ...results }, reportOf(results));
}

async function measureAll({ environment }: Engine, signal: AbortSignal): Promise<void> {
  const { rounds, calls } = options;
  let startedAt = performance.now();
  const filling = tables.values();
  const nextStep = (): Progress => {
    const { label, sessions } = filling.next().value ?? {};
    return label === undefined
      ? startProgress("rounds", rounds)
      : startProgress(`filling ${label} sessions`, sessions);
  };
  let progress = nextStep();
  const onMessage = (report: GrowthReport): void => {
    if ("counts" in report) {
      results.counts.push(report.counts);
    } else if ("block" in report) {
      results.blocks.push(report.block);
      progress.at(report.block.round);
    } else {
      const { table, filledTo: sessions } = report;
      progress.at(sessions);
      if (tables.find(({ name }) => name === table)?.sessions !== sessions) return;
      progress.end();
      results.fillRates.push({ table, sessions, seconds: (performance.now() - startedAt) / 1000 });
      startedAt = performance.now();
      progress = nextStep();
    }
  };
  await inChild(MEASURING, measure, { tables, rounds, calls }, { environment, signal, onMessage });
  progress.end();
}
