import { existsSync } from "node:fs";
import { mkdtempDisposable, readFile, writeFile } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { synthesize } from "../../local/synthesize.ts";
import { inChild, type Work } from "../support/child.ts";
import { environmentOf, onEngine } from "../support/engine.ts";
import { benchOptions, conclude, option, optional, text, wholeNumber } from "../support/options.ts";
import { startProgress } from "../support/progress.ts";
import { shuffled } from "../support/statistics.ts";
import { BULK_WAYS } from "./bulk-logout.ts";
import {
  bulk,
  count,
  load,
  MEASURING,
  rounds as inRounds,
  seedBulk,
  type Report,
  type Task,
} from "./measure.ts";
import { plotOf } from "./plot.ts";
import type { SpeedResults } from "./summary.ts";
import { tablesOf } from "./tables.ts";

const options = benchOptions(
  "bench",
  "Measures every operation, and what a user would pick instead, interleaved on one DynamoDB Local; counts round trips and " +
    "capacity units. Nothing is judged: it ends with 0 whatever the numbers are.",
  {
    rounds: option("<n>", "rounds, each with a block of every contender", wholeNumber(1, 1000), 40),
    calls: option("<n>", "calls in a block; those that do much have fewer", wholeNumber(5, 10_000), 75),
    loadRounds: optional(
      "<n>",
      "rounds of many calls at once; 0 leaves them out (default: a third of the rounds)",
      wholeNumber(0, 1000),
    ),
    bulkRounds: optional(
      "<n>",
      "administrators' logouts of everybody, each way; 0 leaves them out (default: a fifteenth of the rounds)",
      wholeNumber(0, 100),
    ),
    bulkUsers: option("<n>", "how many users everybody is", wholeNumber(100, 100_000), 10_000),
    only: optional(
      "<text>",
      "only contenders with this in their name or id, and what they are compared with",
      text,
    ),
    svg: optional("<file>", "also draw the plot there", text),
  },
);

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
const told: Report[] = [];
const all = <Name extends keyof Report>(name: Name) =>
  told.map((report) => report[name]).filter((value) => value !== undefined);

const machine = await describeMachine();
await using assembly = await mkdtempDisposable(join(tmpdir(), "single-session-speed-"));
const endedEarly = await onEngine(async (endpoint, signal) => {
  await synthesize({ signal, outputFolder: assembly.path });
  await measureAll(endpoint, signal);
});
const results: SpeedResults = {
  ...machine,
  endedEarly,
  contenders: all("contenders").flat(),
  counts: all("counts"),
  blocks: all("block"),
  atOnce: AT_ONCE,
  loadedBlocks: all("loadedBlock"),
  bulkRuns: all("bulkRun"),
};
await conclude(options, results.blocks.length === 0 ? "Nothing was measured." : tablesOf(results), results);
if (options.svg !== undefined) await writeFile(options.svg, plotOf(results));

/**
 * Counts, measures one call after the other, then many at once, then the logouts of everybody; each in
 * processes of their own.
 */
async function measureAll(endpoint: string, signal: AbortSignal): Promise<void> {
  const { rounds, calls, only, bulkUsers: users } = options;
  const { loadRounds = Math.ceil(rounds / 3), bulkRounds = Math.ceil(rounds / 15) } = options;
  const environment = { ...environmentOf(endpoint), ...LAMBDA };
  const step = async <More>(what: string, work: Work<Task & More, Report>, more: More, total?: number) => {
    if (signal.aborted) return;
    const progress = startProgress(what, total);
    const onMessage = (report: Report): void => {
      told.push(report);
      progress.at((report.block ?? report.loadedBlock)?.round ?? 0);
    };
    const task = { ...more, only, assemblyFolder: assembly.path };
    await inChild(MEASURING, work, task, { environment, nodeOptions: ["--expose-gc"], signal, onMessage });
    progress.end();
  };
  await step("counting", count, {});
  await step(`${rounds} rounds`, inRounds, { rounds, calls }, rounds);
  if (loadRounds > 0) {
    const loaded = { rounds: loadRounds, calls: calls * LOADED_CALLS, atOnce: AT_ONCE };
    await step(`${loadRounds} rounds of ${AT_ONCE} calls at once`, load, loaded, loadRounds);
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

/** What the numbers depend on most. Both package files pin exact versions: these are the installed ones. */
async function describeMachine(): Promise<Pick<SpeedResults, "date" | "versions" | "processors">> {
  const dependenciesIn = async (file: string): Promise<Record<string, string>> => {
    const content = await readFile(join(import.meta.dirname, file), "utf8");
    return (JSON.parse(content) as { dependencies: Record<string, string> }).dependencies;
  };
  const own = Object.entries(await dependenciesIn("../../package.json"));
  const [first, ...others] = cpus();
  return {
    date: new Date().toISOString(),
    versions: {
      "Node.js": process.versions.node,
      ...Object.fromEntries(own.filter(([name]) => /(?:client|lib)-dynamodb$/.test(name))),
      ...(await dependenciesIn("../package.json")),
    },
    processors: { model: first?.model.trim() ?? "unknown", count: 1 + others.length },
  };
}
