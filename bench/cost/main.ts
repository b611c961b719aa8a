import { readFile, writeFile } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import { Command } from "commander";
import { startEngine } from "../support/engine.ts";
import { interruption, INTERRUPTED } from "../../cli/interruption.ts";
import { countCalls } from "./count.ts";
import type { Counts } from "./counts.ts";
import { withTables } from "./document.ts";
import { TABLES } from "./tables.ts";

/** Counts what the functions' calls cost on DynamoDB Local, and calculates months of them. */

const RECORD = new URL("./counts.json", import.meta.url);
const DOCUMENT = new URL("../../docs/design/cost.md", import.meta.url);

interface Options {
  readonly recorded: boolean;
  readonly write: boolean;
  readonly json?: string;
  readonly markdown?: string;
}

const options = new Command("npm run bench:cost --")
  .description(
    "Counts requests, request units and log bytes of the functions' calls, and calculates what months of them cost (docs/design/cost.md).",
  )
  .option("--recorded", "take the counts of bench/cost/counts.json instead of counting", false)
  .option(
    "--write",
    "write the counts to bench/cost/counts.json and the tables into docs/design/cost.md",
    false,
  )
  .option("--json <file>", "also write the counts there")
  .option("--markdown <file>", "also write the tables there")
  .showHelpAfterError("(--help shows what is accepted)")
  .parse()
  .opts<Options>();

const signal = interruption();
try {
  await main();
} catch (error) {
  if (!signal.aborted) throw error;
}
if (signal.aborted) process.exitCode = INTERRUPTED;

async function main(): Promise<void> {
  const recorded = await readRecord();
  const counts = options.recorded ? recorded : await count();
  if (signal.aborted) return;
  if (counts === undefined) throw new Error("there is no bench/cost/counts.json; --write makes it");
  const tables = Object.entries(TABLES).map(([name, table]) => `## ${name}\n\n${table(counts)}\n`);
  console.log(tables.join("\n"));
  if (options.json !== undefined) await writeFile(options.json, jsonOf(counts));
  if (options.markdown !== undefined) await writeFile(options.markdown, tables.join("\n"));
  if (options.write) {
    await writeFile(RECORD, jsonOf(counts));
    await writeFile(DOCUMENT, withTables(await readFile(DOCUMENT, "utf8"), counts));
  } else if (!isDeepStrictEqual(counts, recorded)) {
    process.stderr.write(
      "The counts are not those of bench/cost/counts.json; --write brings it up to date.\n",
    );
    process.exitCode = 1;
  }
}

async function count(): Promise<Counts> {
  process.stderr.write("Counting on DynamoDB Local ...\n");
  const engine = await startEngine(signal);
  const stop = (): void => void engine.stop();
  signal.addEventListener("abort", stop);
  try {
    return await countCalls(engine.environment["AWS_ENDPOINT_URL_DYNAMODB"] ?? "");
  } finally {
    signal.removeEventListener("abort", stop);
    await engine.stop();
  }
}

async function readRecord(): Promise<Counts | undefined> {
  try {
    return JSON.parse(await readFile(RECORD, "utf8")) as Counts;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function jsonOf(counts: Counts): string {
  return `${JSON.stringify(counts, undefined, 2)}\n`;
}
