import { Command, InvalidArgumentError } from "commander";
import { text, wholeNumber } from "../../bench/support/options.ts";

/** The arguments of `npm run load`. */
export interface LoadArguments {
  readonly minutes: number;
  readonly concurrency: number;
  readonly users: number;
  readonly seed: string;
  readonly report?: string;
}

const LONGEST_MINUTES = 60;
const MOST_CLIENTS = 32;
const USERS = { fewest: 20, most: 1000 } as const;

/**
 * Reads the command line; a value that cannot be right, and `--help`, end the process with what commander
 * says.
 */
export function readLoadArguments(argv: readonly string[]): LoadArguments {
  return new Command("npm run load --")
    .description(
      "Holds a bounded load on a local stack, checks every answer against what the user's sessions " +
        "should be, and judges whether memory and handles stay flat. Ends with 1 where an answer is wrong " +
        "or something grows.",
    )
    .option("--minutes <n>", "how long the load is held", toMinutes, 10)
    .option(
      "--concurrency <n>",
      "clients at once, each waiting for its answer",
      wholeNumber(1, MOST_CLIENTS),
      8,
    )
    .option("--users <n>", "how many users take part", wholeNumber(USERS.fewest, USERS.most), 300)
    .option(
      "--seed <text>",
      "fixes what each client draws (not how the machine interleaves them)",
      text,
      freshSeed(),
    )
    .option("--report <file>", "also write the report there, as Markdown", text)
    .showHelpAfterError("(--help shows what is accepted)")
    .parse(argv)
    .opts<LoadArguments>();
}

const freshSeed = (): string => Date.now().toString(36);

function toMinutes(text: string): number {
  const minutes = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && minutes >= 0.1 && minutes <= LONGEST_MINUTES) return minutes;
  throw new InvalidArgumentError(`Accepted are minutes from 0.1 to ${LONGEST_MINUTES}.`);
}
