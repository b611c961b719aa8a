import { randomInt } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { Command, InvalidArgumentError, Option } from "commander";
import { startDynamoDbLocal } from "../../local/dynamodb-local.ts";
import { runCampaign, SEED_STEP } from "./campaign.ts";
import { createFuzzer } from "./fuzzer.ts";
import { LANE_NAMES, LANES, type LaneName } from "./lanes.ts";
import { countsOf, reportOf, summaryOf, type Run } from "./report.ts";

interface Options {
  readonly inputs: number;
  readonly seed: number;
  readonly lane?: LaneName;
  readonly path?: string;
  readonly report?: string;
}

const wholeNumber =
  (most: number) =>
  (text: string): number => {
    const number = Number(text);
    if (Number.isInteger(number) && number >= 1 && number <= most) return number;
    throw new InvalidArgumentError(`Accepted is a whole number from 1 to ${most}.`);
  };

const { lane, path, report, ...options } = new Command("npm run fuzz --")
  .description("Sends hostile input to every handler, on DynamoDB Local, and checks what comes of it.")
  .option("--inputs <n>", "how many, over all lanes", wholeNumber(10_000_000), 100_000)
  .option(
    "--seed <s>",
    "for the same inputs again",
    wholeNumber(2_000_000_000),
    randomInt(1, 2000) * SEED_STEP,
  )
  .addOption(new Option("--lane <name>", "only this way to call a handler").choices(LANE_NAMES))
  .option("--path <path>", "only the input that a failure named; with its --lane and --seed")
  .option("--report <file>", "write the result there, in Markdown")
  .parse()
  .opts<Options>();

const write = (text: string): void => void process.stdout.write(text);
let interrupted = false;
process.once("SIGINT", () => (interrupted = true));

const startedAt = performance.now();
const seconds = (): number => (performance.now() - startedAt) / 1000;
const database = await startDynamoDbLocal();
try {
  const fuzzer = await createFuzzer(database.endpoint);
  const result = await runCampaign(fuzzer, {
    ...options,
    lanes: LANES.filter(({ name }) => lane === undefined || name === lane),
    ...(path !== undefined && { path }),
    stopped: () => interrupted,
    progress: (sent) => {
      const rate = (sent / seconds()).toFixed(0);
      if (process.stdout.isTTY) write(`\r${sent} of ${options.inputs} inputs, ${rate} a second `);
      else if (sent % 5000 === 0) write(`${sent} of ${options.inputs} inputs, ${rate} a second\n`);
    },
  });
  const run: Run = { ...result, seed: options.seed, seconds: seconds(), counts: fuzzer.counts, interrupted };
  await fuzzer.stop();
  if (process.stdout.isTTY) write("\r\x1b[K");
  write(`${countsOf(run.counts)}\n\n${summaryOf(run)}\n`);
  if (report !== undefined) await writeFile(report, reportOf(run));
  if (run.failure !== undefined) process.exitCode = 1;
} finally {
  await database.stop();
}
