import { writeFile } from "node:fs/promises";
import { Command, InvalidArgumentError, Option } from "commander";
import { PROFILES, type ProfileName } from "./profiles.ts";
import { describeViolation, progressLine, summary, type RunReport } from "./report.ts";
import { runRounds } from "./run.ts";

interface Options {
  readonly minutes?: number;
  readonly rounds?: number;
  readonly seed: string;
  readonly workers: number;
  readonly profile?: ProfileName;
  readonly keepGoing?: boolean;
  readonly report?: string;
}

const number =
  (accepted: string, isAccepted: (value: number) => boolean) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() === "" || !isAccepted(value)) throw new InvalidArgumentError(`Accepted is ${accepted}.`);
    return value;
  };

const isWhole = (least: number, most: number) => (value: number) =>
  Number.isInteger(value) && value >= least && value <= most;

const seedOf = (text: string): string => {
  if (!/^[\w./:-]{1,80}$/.test(text)) {
    throw new InvalidArgumentError("Accepted are 1 to 80 letters, digits and any of _ . / : -");
  }
  return text;
};

const say = (text: string): void => void process.stdout.write(`${text}\n`);

const PROGRESS_EVERY_MS = 5000;

const options = new Command("npm run prove --")
  .description(
    "Runs the real functions among injected faults, and checks what they answered against the invariants.\n" +
      "Exit code 1: an invariant was broken, and the smallest history that shows it was printed.",
  )
  .option(
    "--minutes <n>",
    "how long (1 where --rounds is not given)",
    number("more than 0 and at most 600", (n) => n > 0 && n <= 600),
  )
  .option(
    "--rounds <n>",
    "how many rounds at most",
    number("a whole number from 1 to 1000000", isWhole(1, 1e6)),
  )
  .option(
    "--seed <text>",
    "what workload and faults follow from; seed/index begins with that round",
    seedOf,
    `date-${Date.now()}`,
  )
  .option("--workers <n>", "rounds at once", number("a whole number from 1 to 16", isWhole(1, 16)), 3)
  .addOption(
    new Option("--profile <name>", "the circumstances of every round; else the seed chooses").choices(
      Object.keys(PROFILES),
    ),
  )
  .option("--keep-going", "do not end at the first violation")
  .option("--report <file>", "also write the summary there, as Markdown")
  .parse()
  .opts<Options>();

const interrupted = new AbortController();
process.on("SIGINT", () => {
  if (interrupted.signal.aborted) process.exit(130);
  say("\nEnding after the rounds under way; Ctrl-C again ends at once.");
  interrupted.abort();
});

let shownAt = -Infinity;
let described = 0;
function show(report: RunReport): void {
  for (const violation of report.violations.slice(described)) say(`\n${describeViolation(violation)}\n`);
  described = report.violations.length;
  const now = performance.now();
  if (process.stdout.isTTY) process.stdout.write(`\r\x1b[K${progressLine(report)}`);
  else if (now - shownAt >= PROGRESS_EVERY_MS) say(progressLine(report));
  else return;
  shownAt = now;
}

say(`seed ${options.seed}`);
const { minutes, rounds, seed, workers, profile } = options;
const report = await runRounds({
  seed,
  workers,
  ...(minutes !== undefined && { minutes }),
  ...(rounds !== undefined && { rounds }),
  ...(profile !== undefined && { profile: PROFILES[profile] }),
  keepGoing: options.keepGoing === true,
  onProgress: show,
  signal: interrupted.signal,
});
say(`${process.stdout.isTTY ? "\r\x1b[K" : ""}\n${summary(report)}\n`);
if (options.report !== undefined) await writeFile(options.report, `${summary(report)}\n`);
// Calls whose environment crashed never end, and may hold a socket.
process.exit(report.violations.length > 0 ? 1 : 0);
