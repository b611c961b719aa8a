import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { Command } from "commander";
import { readCloudAssembly } from "../../local/model/cloud-assembly.ts";
import type { FunctionModel } from "../../local/model/function-model.ts";
import { readStack } from "../../local/model/stack-model.ts";
import { synthesize } from "../../local/synthesize.ts";
import { createTables } from "../../local/tables.ts";
import { decodeSettings, ENVIRONMENT } from "../../src/runtime/function-settings.ts";
import { startEngine } from "../support/engine.ts";
import { INTERRUPTED, interruption } from "../../cli/interruption.ts";
import { seedUsers } from "../support/seed.ts";
import { shuffled } from "../support/shuffled.ts";
import { wholeNumber } from "../support/whole-number.ts";
import { stepContenders } from "./bundle-steps.ts";
import { BARE, bundleBareHandler, coldContenders, IDENTITY, type ColdContender } from "./contenders.ts";
import { measureFirstCall, type FirstCall } from "./measure.ts";
import { report, type ReportOptions } from "./report.ts";
import { startTlsFront } from "./tls-front.ts";

/**
 * What a cold start adds: each deployed function's bundle loaded and called for the first time in a fresh
 * process, over TLS, beside a bare handler bundled with defaults. What Lambda itself needs to start a runtime
 * is not in it.
 */

interface Options extends ReportOptions {
  readonly runs: number;
  readonly only?: readonly string[];
  readonly steps?: true;
}

const options = new Command("npm run bench:cold --")
  .description(
    "Loads and calls each function's deployed bundle in fresh processes, over TLS, beside a bare GetItem handler.",
  )
  .option("--runs <n>", "fresh processes for each function, one of each in turn", wholeNumber(1, 1000), 15)
  .option("--only <names...>", "only these functions, and the bare handler")
  .option("--steps", "instead of the functions, `validate` with ever more done for its start")
  .option("--json <file>", "also write all times there")
  .option("--markdown <file>", "also write the table there")
  .showHelpAfterError("(--help shows what is accepted)")
  .parse()
  .opts<Options>();

const signal = interruption();
const assembly = await synthesize({
  context: { console: "false", identity: JSON.stringify(IDENTITY) },
  signal,
});
const engine = await startEngine(signal);
const folder = await mkdtemp(join(tmpdir(), "single-session-cold-"));
try {
  const endpoint = engine.environment["AWS_ENDPOINT_URL_DYNAMODB"] ?? "";
  const front = await startTlsFront(endpoint);
  try {
    await run(endpoint, {
      ...engine.environment,
      AWS_ENDPOINT_URL_DYNAMODB: front.url,
      NODE_EXTRA_CA_CERTS: front.certificateFile,
    });
  } finally {
    await front.stop();
  }
} finally {
  await engine.stop();
  for (const made of [assembly, folder]) await rm(made, { recursive: true, force: true });
}
if (signal.aborted) process.exitCode = INTERRUPTED;

async function run(endpoint: string, environment: Readonly<Record<string, string>>): Promise<void> {
  const { functions, tables, region } = readStack(readCloudAssembly(assembly), { url: "http://localhost" });
  const client = new DynamoDBClient({
    endpoint,
    region,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  await createTables(client, tables);
  const contenders = await chosenContenders(functions);
  const variables = contenders[0]?.environment ?? {};
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
  await report(contenders, calls, options);
}

async function chosenContenders(functions: readonly FunctionModel[]): Promise<ColdContender[]> {
  const all = coldContenders(functions, await bundleBareHandler(folder));
  const bare = named(all, BARE);
  if (options.steps === true) return [bare, ...(await stepContenders(named(all, "validate"), folder))];
  for (const name of options.only ?? []) named(all, name);
  return all.filter((contender) => contender === bare || (options.only?.includes(contender.name) ?? true));
}

function named(contenders: readonly ColdContender[], name: string): ColdContender {
  const found = contenders.find((contender) => contender.name === name);
  if (found !== undefined) return found;
  const known = contenders.map((contender) => contender.name).join(", ");
  throw new Error(`--only is ${JSON.stringify(name)}; accepted are ${known}`);
}
