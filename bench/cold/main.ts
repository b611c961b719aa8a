/**
 * What a cold start adds: each deployed function's bundle loaded and called for the first time in a fresh
 * process, over TLS, beside a bare handler bundled with defaults. What Lambda itself needs to start a runtime
 * is not in it.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { synthesize } from "../../local/synthesize.ts";
import { localDocuments } from "../../test/support/local-client.ts";
import { openStack } from "../support/deployed-stack.ts";
import { ENDPOINT, onEngine } from "../support/engine.ts";
import {
  benchCommand,
  wholeNumber,
  withResultFiles,
  writeResults,
  type ResultFiles,
} from "../support/options.ts";
import { startProgress } from "../support/progress.ts";
import { seedUsers, type SeededUser } from "../support/seed.ts";
import { interleaved, median } from "../support/statistics.ts";
import { tableOf, times } from "../support/tables.ts";
import { stepContenders } from "./bundle-steps.ts";
import { BARE, bundleBytes, coldContenders, IDENTITY, type ColdContender } from "./contenders.ts";
import { startTlsFront } from "./tls-front.ts";

interface Options extends ResultFiles {
  readonly runs: number;
  readonly only?: readonly string[];
  readonly steps?: true;
}

/** One first call, in milliseconds. */
interface FirstCall {
  readonly importMs: number;
  readonly callMs: number;
}

type Environment = Readonly<Record<string, string>>;

const options = withResultFiles(
  benchCommand(
    "bench:cold",
    "Loads and calls each function's deployed bundle in fresh processes, over TLS, beside a bare GetItem handler.",
  )
    .option("--runs <n>", "fresh processes for each function, one of each in turn", wholeNumber(1, 1000), 15)
    .option("--only <names...>", "only these functions, and the bare handler")
    .option("--steps", "instead of the functions, `validate` with ever more done for its start"),
)
  .parse()
  .opts<Options>();

const CHILD = join(import.meta.dirname, "first-call.js");
const LONGEST_MS = 60_000;
const folder = await mkdtemp(join(tmpdir(), "single-session-cold-"));
try {
  await onEngine(async ({ endpoint, environment }, signal) => {
    const assembly = join(folder, "cdk.out");
    const context = { console: "false", identity: JSON.stringify(IDENTITY) };
    await synthesize({ context, signal, outputFolder: assembly });
    const front = await startTlsFront(endpoint, folder);
    const overTls = { [ENDPOINT]: front.url, NODE_EXTRA_CA_CERTS: front.certificateFile };
    try {
      await run(assembly, endpoint, { ...environment, ...overTls }, signal);
    } finally {
      await front.stop();
    }
  });
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function run(
  assembly: string,
  endpoint: string,
  environment: Environment,
  signal: AbortSignal,
): Promise<void> {
  const stack = await openStack(assembly, endpoint);
  const contenders = await chosen(await coldContenders(stack, folder));
  const documents = localDocuments(endpoint);
  const seed = { documents, tableName: stack.sessionsTable, settings: stack.settings };
  const calls: Record<string, FirstCall[]> = Object.fromEntries(contenders.map(({ name }) => [name, []]));
  const progress = startProgress("runs", options.runs);
  // The first of each finds the files not yet in the system's cache, and is not counted.
  for (const { thing: contender, round } of interleaved(contenders, options.runs + 1, signal)) {
    const [user] = await seedUsers(seed, [`${contender.name}-${round}`]);
    if (user === undefined) throw new Error("no user was seeded");
    const call = await firstCall(contender, user, environment);
    if (round > 0) calls[contender.name]?.push(call);
    progress.at(round);
  }
  progress.end();
  documents.destroy();
  await report(contenders, calls);
}

async function chosen(all: readonly ColdContender[]): Promise<ColdContender[]> {
  const named = (name: string): ColdContender => {
    const found = all.find((contender) => contender.name === name);
    if (found !== undefined) return found;
    const known = all.map((contender) => contender.name).join(", ");
    throw new Error(`--only is ${JSON.stringify(name)}; accepted are ${known}`);
  };
  if (options.steps === true) return [named(BARE), ...(await stepContenders(named("validate"), folder))];
  if (options.only === undefined) return [...all];
  return [...new Set([BARE, ...options.only])].map(named);
}

/**
 * Loads and calls a function in a process of its own, which has the function's environment and no other.
 * @throws Error where the call did not answer as it should: a failure is often fast.
 */
async function firstCall(
  { name, entry, handler, event, isRight, environment: own }: ColdContender,
  user: SeededUser,
  environment: Environment,
): Promise<FirstCall> {
  const child = spawn(process.execPath, [CHILD, entry, handler, JSON.stringify(event(user))], {
    env: { ...own, ...environment },
    // Nobody reads its log; its errors are shown.
    stdio: ["ignore", "ignore", "inherit", "pipe"],
    timeout: LONGEST_MS,
  });
  const exited = once(child, "exit") as Promise<[number | null]>;
  const [told, [code]] = await Promise.all([text(child.stdio[3] as Readable), exited]);
  if (code !== 0) throw new Error(`the first call of ${name} ended with ${String(code)}`);
  const { answer, ...call } = JSON.parse(told) as FirstCall & { readonly answer: unknown };
  if (!isRight(answer)) throw new Error(`the first call of ${name} answered ${JSON.stringify(answer)}`);
  return call;
}

/** Prints the table of all first calls, by medians, and writes it and the times where that was asked for. */
async function report(
  contenders: readonly ColdContender[],
  calls: Readonly<Record<string, readonly FirstCall[]>>,
): Promise<void> {
  const bare = (calls[BARE] ?? []).map(totalOf);
  const measured = contenders.map(async (contender) => {
    const mine = calls[contender.name] ?? [];
    const totals = mine.map(totalOf);
    return {
      name: contender.name,
      bundleBytes: await bundleBytes(contender),
      importMs: median(mine.map(({ importMs }) => importMs)),
      callMs: median(mine.map(({ callMs }) => callMs)),
      totalMs: median(totals),
      /** Median over the runs of this one's total to the bare handler's of the same run. */
      ratio: median(totals.map((total, round) => total / (bare[round] ?? NaN))),
    };
  });
  const results = await Promise.all(measured);
  const table = tableOf(results, [
    ["function", ({ name }) => name],
    ["code, KB", ({ bundleBytes: bytes }) => (bytes / 1000).toFixed(0)],
    ["import, ms", ({ importMs }) => importMs.toFixed(1)],
    ["first call, ms", ({ callMs }) => callMs.toFixed(1)],
    ["both, ms", ({ totalMs }) => totalMs.toFixed(1)],
    ["to the bare handler", ({ ratio }) => times(ratio)],
  ]);
  console.log(`Medians of ${bare.length} fresh processes each, Node.js ${process.version}\n\n${table}`);
  await writeResults(options, { node: process.version, results, calls }, `${table}\n`);
}

function totalOf({ importMs, callMs }: FirstCall): number {
  return importMs + callMs;
}
