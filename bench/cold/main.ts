/**
 * What a cold start adds: each deployed function's bundle loaded and called for the first time in a fresh
 * process, over TLS, beside a bare handler bundled with defaults. What Lambda itself needs to start a runtime
 * is not in it.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { synthesize } from "../../local/synthesize.ts";
import { localDocuments } from "../../test/support/local-client.ts";
import { openStack } from "../support/deployed-stack.ts";
import { ENDPOINT, environmentOf, onEngine } from "../support/engine.ts";
import { benchOptions, conclude, flag, option, optional, wholeNumber } from "../support/options.ts";
import { startProgress } from "../support/progress.ts";
import { seedUsers, type SeededUser } from "../support/seed.ts";
import { besideInRounds, interleaved, median } from "../support/statistics.ts";
import { tableOf, times } from "../support/tables.ts";
import { stepContenders } from "./bundle-steps.ts";
import { BARE, bundleBytes, coldContenders, IDENTITY, type ColdContender } from "./contenders.ts";
import { startTlsFront } from "./tls-front.ts";

const options = benchOptions(
  "bench:cold",
  "Loads and calls each function's deployed bundle in fresh processes, over TLS, beside a bare GetItem handler.",
  {
    runs: option("<n>", "fresh processes for each function, one of each in turn", wholeNumber(1, 1000), 15),
    only: optional<string[]>("<names...>", "only these functions, and the bare handler"),
    steps: flag("instead of the functions, `validate` with ever more done for its start"),
  },
);

/** One first call, in milliseconds; `id` names the function. */
interface FirstCall {
  readonly id: string;
  readonly round: number;
  readonly importMs: number;
  readonly callMs: number;
}

type Environment = Readonly<Record<string, string>>;

const CHILD = join(import.meta.dirname, "first-call.js");
const LONGEST_MS = 60_000;

await using folder = await mkdtempDisposable(join(tmpdir(), "single-session-cold-"));
await onEngine(async (endpoint, signal) => {
  const assembly = join(folder.path, "cdk.out");
  const context = { console: "false", identity: JSON.stringify(IDENTITY) };
  await synthesize({ context, signal, outputFolder: assembly });
  const front = await startTlsFront(endpoint, folder.path);
  try {
    const stack = await openStack(assembly, endpoint);
    const contenders = await chosen(await coldContenders(stack, folder.path));
    const overTls = { [ENDPOINT]: front.url, NODE_EXTRA_CA_CERTS: front.certificateFile };
    const environment = { ...environmentOf(endpoint), ...overTls };
    const documents = localDocuments(endpoint);
    const calls: FirstCall[] = [];
    const progress = startProgress("runs", options.runs);
    // The first of each finds the files not yet in the system's cache, and is not counted.
    for (const { thing: contender, round } of interleaved(contenders, options.runs + 1, signal)) {
      const place = { documents, tableName: stack.sessionsTable, settings: stack.settings };
      const [user] = await seedUsers(place, [`${contender.name}-${round}`]);
      if (user === undefined) throw new Error("no user was seeded");
      const call = await firstCall(contender, user, environment);
      if (round > 0) calls.push({ id: contender.name, round, ...call });
      progress.at(round);
    }
    progress.end();
    documents.destroy();
    await report(contenders, calls);
  } finally {
    front.stop();
  }
});

async function chosen(all: readonly ColdContender[]): Promise<ColdContender[]> {
  const named = (name: string): ColdContender => {
    const found = all.find((contender) => contender.name === name);
    if (found !== undefined) return found;
    const known = all.map((contender) => contender.name).join(", ");
    throw new Error(`--only is ${JSON.stringify(name)}; accepted are ${known}`);
  };
  if (options.steps === true) return [named(BARE), ...(await stepContenders(named("validate"), folder.path))];
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
): Promise<Pick<FirstCall, "importMs" | "callMs">> {
  const child = spawn(process.execPath, [CHILD, entry, handler, JSON.stringify(event(user))], {
    env: { ...own, ...environment },
    // Nobody reads its log; its errors are shown.
    stdio: ["ignore", "ignore", "inherit", "pipe"],
    timeout: LONGEST_MS,
  });
  const [told, [code]] = await Promise.all([
    text(child.stdio[3] as Readable),
    once(child, "exit") as Promise<[number | null]>,
  ]);
  if (code !== 0) throw new Error(`the first call of ${name} ended with ${String(code)}`);
  const { answer, ...call } = JSON.parse(told) as FirstCall & { readonly answer: unknown };
  if (!isRight(answer)) throw new Error(`the first call of ${name} answered ${JSON.stringify(answer)}`);
  return call;
}

/** The table of all first calls, by medians; the last column by the bare handler's of the same run. */
async function report(contenders: readonly ColdContender[], calls: readonly FirstCall[]): Promise<void> {
  const total = ({ importMs, callMs }: FirstCall): number => importMs + callMs;
  const results = await Promise.all(
    contenders.map(async (contender) => {
      const { name } = contender;
      const of = (value: (call: FirstCall) => number): number =>
        median(calls.filter(({ id }) => id === name).map(value));
      const ratio = besideInRounds(name, [BARE], calls, (own, bare) => total(own) / total(bare));
      return {
        ...{
          name,
          bundleBytes: await bundleBytes(contender),
          totalMs: of(total),
          ratio: ratio?.median ?? NaN,
        },
        ...{ importMs: of(({ importMs }) => importMs), callMs: of(({ callMs }) => callMs) },
      };
    }),
  );
  const table = tableOf(results, [
    ["function", ({ name }) => name],
    ["code, KB", ({ bundleBytes: bytes }) => (bytes / 1000).toFixed(0)],
    ["import, ms", ({ importMs }) => importMs.toFixed(1)],
    ["first call, ms", ({ callMs }) => callMs.toFixed(1)],
    ["both, ms", ({ totalMs }) => totalMs.toFixed(1)],
    ["to the bare handler", ({ ratio }) => times(ratio)],
  ]);
  const runs = calls.filter(({ id }) => id === BARE).length;
  const head = `Medians of ${runs} fresh processes each, Node.js ${process.version}`;
  await conclude(options, `${head}\n\n${table}`, { node: process.version, results, calls });
}
