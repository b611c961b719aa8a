import { writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { startDynamoDbLocal } from "../../local/dynamodb-local.ts";
import { interruption } from "../../cli/interruption.ts";
import { readLoadArguments, type LoadArguments } from "./arguments.ts";
import { FUNCTION_ERROR, LoadErrors } from "./load-errors.ts";
import { createPopulation } from "./population.ts";
import { reportOf } from "./report.ts";
import { runLoad, type Progress } from "./run.ts";
import { LOAD_SETTINGS } from "./settings.ts";
import { residentBytes, startStackChild } from "./stack-child.ts";
import { findings, passed } from "./verdict.ts";

async function main(): Promise<void> {
  const options = readLoadArguments(process.argv);
  const signal = interruption();
  console.log("Synthesizing the stack and starting DynamoDB Local ...");
  // Groups of their own: Ctrl-C at a terminal goes to a whole group, and the load must end first.
  const database = await startDynamoDbLocal({ detached: true });
  try {
    const errors = new LoadErrors();
    const stack = await startStackChild(
      { databaseEndpoint: database.endpoint, context: LOAD_SETTINGS },
      (line) => errors.note(FUNCTION_ERROR, line),
    );
    try {
      const population = await createPopulation(stack, database.endpoint, {
        count: options.users,
        run: options.seed,
      });
      console.log(`${options.users} users, ${options.concurrency} clients, seed ${options.seed}\n`);
      const result = await runLoad({
        ...options,
        ...population,
        stack,
        errors,
        databaseRss: () => residentBytes(database.pid),
        onProgress: showProgress,
        signal,
      });
      await conclude(options, result, signal.aborted);
    } finally {
      await stack.stop();
    }
  } finally {
    await database.stop();
  }
}

async function conclude(
  options: LoadArguments,
  result: Awaited<ReturnType<typeof runLoad>>,
  endedEarly: boolean,
): Promise<void> {
  const found = findings(result.samples, { minutes: result.seconds / 60, concurrency: options.concurrency });
  const machine = `Node.js ${process.version}, ${availableParallelism()} processors (${process.platform})`;
  const report = reportOf({ options, result, found, machine, endedEarly });
  console.log(`\n${report}`);
  if (options.report !== undefined) await writeFile(options.report, report);
  if (!passed(result, found)) process.exitCode = 1;
}

const MB = 1024 * 1024;
const SHORTEST_PROGRESS_SECONDS = 5;
let shownAt = -SHORTEST_PROGRESS_SECONDS;

function showProgress({ seconds, operations, errors, sample }: Progress): void {
  if (seconds - shownAt < SHORTEST_PROGRESS_SECONDS) return;
  shownAt = seconds;
  const minutes = String(Math.floor(seconds / 60)).padStart(2, "0");
  const clock = `${minutes}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
  const heap = (sample.mainHeapBytes + sample.workerHeapBytes) / MB;
  console.log(
    `${clock}  ${operations} requests, ${errors} errors; heap ${heap.toFixed(0)} MB, resident ` +
      `${(sample.rssBytes / MB).toFixed(0)} MB, ${sample.threads} threads, ${sample.activeResources} ` +
      "handles",
  );
}

await main();
