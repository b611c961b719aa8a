import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { Command } from "commander";
import { sessionKey } from "../../src/sessions/table.ts";
import { createTable, SESSIONS } from "../../test/support/tables.ts";
import { startEngine } from "../support/engine.ts";
import { INTERRUPTED, interruption } from "../../cli/interruption.ts";
import { markdownTable } from "../support/markdown-table.ts";
import { median } from "../support/quantiles.ts";
import { seedUsers } from "../support/seed.ts";
import { shuffled } from "../support/shuffled.ts";
import { wholeNumber } from "../support/whole-number.ts";
import { clientSteps } from "./steps.ts";

/**
 * What each step from the SDK's document client to ours (`src/dynamodb/sdk-pipeline.ts`) buys: a consistent read of a session, one
 * after the other and 32 at once, all steps in turn. For whoever updates the SDK: a step that buys nothing any more can go.
 */

const WARM_UP_ROUNDS = 2;
const AT_ONCE = 32;

const options = new Command("npm run bench:client --")
  .description("Measures each step from the SDK's document client to the functions' own.")
  .option("--rounds <n>", "rounds, in each of which every step has its turn", wholeNumber(1, 1000), 20)
  .option(
    "--calls <n>",
    "reads of a step in a round, and three times as many at once",
    wholeNumber(10, 10_000),
    400,
  )
  .showHelpAfterError("(--help shows what is accepted)")
  .parse()
  .opts<{ rounds: number; calls: number }>();

interface Round {
  readonly p50: number;
  /** Milliseconds of this process's processor time for a read, 32 at once. */
  readonly cpu: number;
  /** Milliseconds for a read, 32 at once. */
  readonly elapsed: number;
}

const signal = interruption();
const engine = await startEngine(signal);
try {
  Object.assign(process.env, engine.environment);
  await measure();
} finally {
  await engine.stop();
}
if (signal.aborted) process.exitCode = INTERRUPTED;

async function measure(): Promise<void> {
  const client = new DynamoDBClient({});
  const tableName = await createTable(client, SESSIONS);
  const settings = { era: "1", timeouts: { idle: 1_800_000, absolute: 43_200_000 } };
  const [user] = await seedUsers({ documents: DynamoDBDocumentClient.from(client), tableName, settings }, [
    "alice",
  ]);
  if (user === undefined) throw new Error("no user was seeded");
  const steps = clientSteps(tableName, sessionKey(user.session.id));
  const rounds = new Map<string, Round[]>(steps.map(({ name }) => [name, []]));
  for (let round = 0; round < options.rounds + WARM_UP_ROUNDS; round++) {
    if (process.stderr.isTTY)
      process.stderr.write(`\rround ${round + 1} of ${options.rounds + WARM_UP_ROUNDS} `);
    for (const { name, read } of shuffled(steps)) {
      if (signal.aborted) break;
      const measured = { p50: await oneByOne(read), ...(await manyAtOnce(read)) };
      if (round >= WARM_UP_ROUNDS) rounds.get(name)?.push(measured);
    }
  }
  report(rounds);
}

async function oneByOne(read: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let call = 0; call < options.calls; call++) {
    const startedAt = performance.now();
    await read();
    times.push(performance.now() - startedAt);
  }
  return median(times);
}

async function manyAtOnce(read: () => Promise<unknown>): Promise<Pick<Round, "cpu" | "elapsed">> {
  const calls = options.calls * 3;
  let left = calls;
  const before = process.cpuUsage();
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (left-- > 0) await read();
    }),
  );
  const { user, system } = process.cpuUsage(before);
  return { elapsed: (performance.now() - startedAt) / calls, cpu: (user + system) / 1000 / calls };
}

function report(rounds: ReadonlyMap<string, readonly Round[]>): void {
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  const [first = []] = rounds.values();
  const ratio = (mine: readonly Round[], of: keyof Round): string =>
    `${median(mine.map((round, number) => round[of] / (first[number]?.[of] ?? NaN))).toFixed(2)}x`;
  const microseconds = (mine: readonly Round[], of: keyof Round): string =>
    (median(mine.map((round) => round[of])) * 1000).toFixed(0);
  console.log(
    markdownTable(
      ["a consistent read by", "p50", "32 at once", "processor time, 32 at once", "µs of it"],
      [...rounds].map(([name, mine]) => [
        name,
        ratio(mine, "p50"),
        ratio(mine, "elapsed"),
        ratio(mine, "cpu"),
        microseconds(mine, "cpu"),
      ]),
    ),
  );
}
