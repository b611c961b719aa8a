/** Counts what the functions' calls cost on DynamoDB Local, and calculates months of them. */
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import { onEngine } from "../support/engine.ts";
import { benchOptions, conclude, flag } from "../support/options.ts";
import { countCalls } from "./count.ts";
import type { Counts } from "./counts.ts";
import { DOCUMENTS, TABLES, withTables, type CostDocument } from "../../docs/.vitepress/cost/tables.ts";

const RECORD = new URL("./counts.json", import.meta.url);

const options = benchOptions(
  "bench:cost",
  "Counts requests, request units and log bytes of the functions' calls, and calculates what months of them cost (docs/design/cost.md).",
  {
    recorded: flag("take the counts of bench/cost/counts.json instead of counting"),
    write: flag("write the counts to bench/cost/counts.json and the tables into the pages of docs"),
  },
);

const recorded = existsSync(RECORD) ? (JSON.parse(await readFile(RECORD, "utf8")) as Counts) : undefined;
if (options.recorded !== true) {
  process.stderr.write("Counting on DynamoDB Local ...\n");
  await onEngine(async (endpoint, signal) => {
    const counts = await countCalls(endpoint);
    if (!signal.aborted) await report(counts);
  });
} else if (recorded === undefined) throw new Error("there is no bench/cost/counts.json; --write makes it");
else await report(recorded);

async function report(counts: Counts): Promise<void> {
  const tables = Object.entries(TABLES).map(([name, table]) => `## ${name}\n\n${table(counts)}\n`);
  await conclude(options, tables.join("\n"), counts);
  if (options.write === true) {
    await writeFile(RECORD, `${JSON.stringify(counts, undefined, 2)}\n`);
    for (const path of Object.keys(DOCUMENTS) as CostDocument[]) {
      const file = new URL(`../../${path}`, import.meta.url);
      await writeFile(file, withTables(path, await readFile(file, "utf8"), counts));
    }
  } else if (!isDeepStrictEqual(counts, recorded)) {
    process.stderr.write(
      "The counts are not those of bench/cost/counts.json; --write brings it up to date.\n",
    );
    process.exitCode = 1;
  }
}
