import { rm, writeFile } from "node:fs/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { Command } from "commander";
import { readCloudAssembly } from "../../local/cloud-assembly.ts";
import { readStack } from "../../local/stack-model.ts";
import { synthesize } from "../../local/synthesize.ts";
import { createTables } from "../../local/tables.ts";
import { decodeSettings, ENVIRONMENT } from "../../src/http/function-settings.ts";
import { startEngine } from "../support/engine.ts";
import { INTERRUPTED, interruption } from "../support/interruption.ts";
import { markdownTable } from "../support/markdown-table.ts";
import { median } from "../support/quantiles.ts";
import { seedUsers } from "../support/seed.ts";
import { shuffled } from "../support/shuffled.ts";
import { wholeNumber } from "../support/whole-number.ts";
import { BARE, bundleBytes, coldContenders, withBareBundle, type ColdContender } from "./contenders.ts";
import { measureFirstCall, type FirstCall } from "./measure.ts";
import { startTlsFront } from "./tls-front.ts";

/**
 * What a cold start adds: each deployed function's bundle loaded and called for the first time in a fresh process, over TLS, beside
 * a bare handler bundled with defaults. What Lambda itself needs to start a runtime is not in it.
 */

interface Options {
  readonly runs: number;
  readonly only?: readonly string[];
  readonly json?: string;
  readonly markdown?: string;
}

interface Result {
  readonly name: string;
  readonly bundleBytes: number;
  readonly importMs: number;
  readonly callMs: number;
  readonly totalMs: number;
  /** Median over the runs of this one's total to the bare handler's of the same run. */
  readonly ratio: number;
}

const options = new Command("npm run bench:cold --")
  .description(
    "Loads and calls each function's deployed bundle in fresh processes, over TLS, beside a bare GetItem handler.",
  )
  .option("--runs <n>", "fresh processes for each function, one of each in turn", wholeNumber(1, 1000), 15)
  .option("--only <names...>", "only these functions, and the bare handler")
  .option("--json <file>", "also write all times there")
  .option("--markdown <file>", "also write the table there")
  .showHelpAfterError("(--help shows what is accepted)")
  .parse()
  .opts<Options>();

const signal = interruption();
const assembly = await synthesize({ context: { console: "false" }, signal });
const engine = await startEngine(signal);
try {
  const endpoint = engine.environment["AWS_ENDPOINT_URL_DYNAMODB"] ?? "";
  const front = await startTlsFront(endpoint);
  try {
    await withBareBundle((bareEntry) =>
      run(endpoint, bareEntry, {
        ...engine.environment,
        AWS_ENDPOINT_URL_DYNAMODB: front.url,
        NODE_EXTRA_CA_CERTS: front.certificateFile,
      }),
    );
  } finally {
    await front.stop();
  }
} finally {
  await engine.stop();
  await rm(assembly, { recursive: true, force: true });
}
if (signal.aborted) process.exitCode = INTERRUPTED;

async function run(
  endpoint: string,
  bareEntry: string,
  environment: Readonly<Record<string, string>>,
): Promise<void> {
  const { functions, tables, region } = readStack(readCloudAssembly(assembly), { url: "http://localhost" });
  const client = new DynamoDBClient({
    endpoint,
    region,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  await createTables(client, tables);
  const all = coldContenders(functions, bareEntry);
  const known = all.map(({ name }) => name);
  const unknown = options.only?.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new Error(`--only is ${JSON.stringify(unknown)}; accepted are ${known.join(", ")}`);
  }
  const contenders = all.filter(({ name }) => name === BARE || (options.only?.includes(name) ?? true));
  const variables = all[0]?.environment ?? {};
  const settings = decodeSettings(variables[ENVIRONMENT.settings] ?? "");
  const seed = {
    documents: DynamoDBDocumentClient.from(client),
    tableName: variables[ENVIRONMENT.sessionsTable] ?? "",
    settings,
  };

  const calls = new Map<string, FirstCall[]>(contenders.map(({ name }) => [name, []]));
  // The first of each finds the files not yet in the system's cache, and is not counted.
  for (let round = 0; round <= options.runs; round++) {
    for (const contender of shuffled(contenders)) {
      if (signal.aborted) break;
      if (process.stderr.isTTY)
        process.stderr.write(`\r\x1b[Krun ${round} of ${options.runs}: ${contender.name} `);
      const [user] = await seedUsers(seed, [`${contender.name}-${round}`]);
      if (user === undefined) throw new Error("no user was seeded");
      const call = await measureFirstCall(contender, user, environment);
      if (round > 0) calls.get(contender.name)?.push(call);
    }
  }
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  client.destroy();
  await report(contenders, calls);
}

async function report(
  contenders: readonly ColdContender[],
  calls: ReadonlyMap<string, readonly FirstCall[]>,
): Promise<void> {
  const totals = (name: string): number[] =>
    (calls.get(name) ?? []).map(({ importMs, callMs }) => importMs + callMs);
  const bare = totals(BARE);
  const results: Result[] = [];
  for (const contender of contenders) {
    const { name } = contender;
    const mine = calls.get(name) ?? [];
    results.push({
      name,
      bundleBytes: await bundleBytes(contender),
      importMs: median(mine.map(({ importMs }) => importMs)),
      callMs: median(mine.map(({ callMs }) => callMs)),
      totalMs: median(totals(name)),
      ratio: median(totals(name).map((total, round) => total / (bare[round] ?? NaN))),
    });
  }
  const table = markdownTable(
    ["function", "code, KB", "import, ms", "first call, ms", "both, ms", "to the bare handler"],
    results.map(({ name, bundleBytes: bytes, importMs, callMs, totalMs, ratio }) => [
      name,
      (bytes / 1000).toFixed(0),
      importMs.toFixed(1),
      callMs.toFixed(1),
      totalMs.toFixed(1),
      `${ratio.toFixed(2)}x`,
    ]),
  );
  console.log(`Medians of ${bare.length} fresh processes each, Node.js ${process.version}\n\n${table}`);
  if (options.json !== undefined) {
    await writeFile(
      options.json,
      `${JSON.stringify({ node: process.version, results, calls: Object.fromEntries(calls) }, null, 2)}\n`,
    );
  }
  if (options.markdown !== undefined) await writeFile(options.markdown, `${table}\n`);
}
