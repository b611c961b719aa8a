import { existsSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { LocalStackError } from "../../local/errors.ts";
import { synthesize } from "../../local/synthesize.ts";
import { startEngine, type Engine } from "../support/engine.ts";
import { interruption, INTERRUPTED } from "../../cli/interruption.ts";
import { readSpeedArguments, type SpeedArguments } from "./arguments.ts";
import { Collector } from "./collector.ts";
import { describeMachine } from "./machine.ts";
import { plotOf } from "./plot.ts";
import { measureAll } from "./run.ts";
import { tablesOf } from "./tables.ts";

async function main(): Promise<void> {
  const options = readSpeedArguments(process.argv);
  if (!existsSync(new URL("../node_modules/express", import.meta.url))) {
    throw new LocalStackError("The peers are not installed: `npm ci --prefix bench` installs them.");
  }
  const signal = interruption();
  const collector = new Collector(await describeMachine());
  process.stderr.write("Synthesizing the stack and starting DynamoDB Local ...\n");
  let engine: Engine | undefined;
  let assemblyFolder: string | undefined;
  try {
    assemblyFolder = await synthesize({ signal });
    engine = await startEngine(signal);
    await measureAll({ options, assemblyFolder, environment: engine.environment, collector, signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await engine?.stop();
    if (assemblyFolder !== undefined) await rm(assemblyFolder, { recursive: true, force: true });
  }
  await conclude(options, collector, signal.aborted);
}

async function conclude(options: SpeedArguments, collector: Collector, endedEarly: boolean): Promise<void> {
  const results = collector.results(endedEarly);
  if (results.blocks.length === 0) process.stderr.write("Nothing was measured.\n");
  else console.log(tablesOf(results));
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(results, undefined, 1)}\n`);
  if (options.markdown !== undefined) await writeFile(options.markdown, tablesOf(results));
  if (options.svg !== undefined) await writeFile(options.svg, plotOf(results));
  if (endedEarly) process.exitCode = INTERRUPTED;
}

try {
  await main();
} catch (error) {
  if (!(error instanceof LocalStackError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
