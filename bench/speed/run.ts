import { runMeasuringChild } from "../support/measuring-child.ts";
import { shuffled } from "../support/shuffled.ts";
import type { SpeedArguments } from "./arguments.ts";
import { AT_ONCE, type Collector } from "./collector.ts";
import { showProgress } from "./progress.ts";
import { BULK_WAYS } from "./results.ts";
import type { Report, Task } from "./tasks.ts";

export interface RunOptions {
  readonly options: SpeedArguments;
  readonly assemblyFolder: string;
  /** What tells clients of the database. */
  readonly environment: Readonly<Record<string, string>>;
  readonly collector: Collector;
  readonly signal: AbortSignal;
}

const SCRIPT = new URL("./measuring-process.ts", import.meta.url);
/**
 * Calls many at once, for each sequential call of a block: they are faster, and a block must not be over in
 * no time.
 */
const LOADED_CALLS = 10;

/**
 * Counts, measures one call after the other, then many at once, then the logouts of everybody; each in
 * processes of their own.
 */
export async function measureAll(run: RunOptions): Promise<void> {
  const { options, assemblyFolder, signal } = run;
  const { rounds, calls, only, bulkUsers: users } = options;
  const { loadRounds = Math.ceil(rounds / 3), bulkRounds = Math.ceil(rounds / 15) } = options;
  await carryOut(run, "counting", { task: "count", assemblyFolder, only });
  await carryOut(run, `${rounds} rounds`, { task: "rounds", assemblyFolder, only, rounds, calls });
  if (loadRounds > 0) {
    await carryOut(run, `${loadRounds} rounds of ${AT_ONCE} calls at once`, {
      task: "load",
      assemblyFolder,
      only,
      rounds: loadRounds,
      calls: calls * LOADED_CALLS,
      atOnce: AT_ONCE,
    });
  }
  // They are compared with each other only, so that choosing contenders leaves them out.
  if (only !== undefined) return;
  for (let round = 0; round < bulkRounds && !signal.aborted; round++) {
    const which = `round ${round + 1} of ${bulkRounds}`;
    await carryOut(run, `users to log out, ${which}`, { task: "bulk-seed", assemblyFolder, round, users });
    for (const way of shuffled(BULK_WAYS)) {
      const what = `logging out ${users} users, ${way}, ${which}`;
      await carryOut(run, what, { task: "bulk", assemblyFolder, way, round, users });
    }
  }
}

async function carryOut(
  { environment, collector, signal }: RunOptions,
  what: string,
  task: Task,
): Promise<void> {
  if (signal.aborted) return;
  const progress = showProgress(what);
  await runMeasuringChild<Report>({
    script: SCRIPT,
    task,
    environment: { ...environment, ...LAMBDA },
    nodeOptions: ["--expose-gc"],
    silent: true,
    onMessage(report) {
      collector.note(report);
      if (report.report === "block" || report.report === "loaded-block") progress.round(report.block.round);
    },
    signal,
  });
  progress.done();
}

/** What Lambda sets; clients and loggers look at it. */
const LAMBDA = {
  AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
  AWS_LAMBDA_FUNCTION_NAME: "bench",
  AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "512",
  AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
};
