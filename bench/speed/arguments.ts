import { Command } from "commander";
import { text } from "../support/text.ts";
import { wholeNumber } from "../support/whole-number.ts";

/** The arguments of `npm run bench`. */
export interface SpeedArguments {
  readonly rounds: number;
  readonly calls: number;
  /** A third of the rounds unless given. */
  readonly loadRounds?: number;
  /** A fifteenth of the rounds unless given. */
  readonly bulkRounds?: number;
  readonly bulkUsers: number;
  readonly only?: string;
  readonly json?: string;
  readonly markdown?: string;
  readonly svg?: string;
}

/**
 * Reads the command line; a value that cannot be right, and `--help`, end the process with what commander
 * says.
 */
export function readSpeedArguments(argv: readonly string[]): SpeedArguments {
  return new Command("npm run bench --")
    .description(
      "Measures every operation, and what a user would pick instead, interleaved on one DynamoDB Local; counts round trips and " +
        "capacity units. Nothing is judged: it ends with 0 whatever the numbers are.",
    )
    .option("--rounds <n>", "rounds, each with a block of every contender", wholeNumber(1, 1000), 40)
    .option("--calls <n>", "calls in a block; those that do much have fewer", wholeNumber(5, 10_000), 75)
    .option(
      "--load-rounds <n>",
      "rounds of many calls at once; 0 leaves them out (default: a third of the rounds)",
      wholeNumber(0, 1000),
    )
    .option(
      "--bulk-rounds <n>",
      "administrators' logouts of everybody, each way; 0 leaves them out (default: a fifteenth of the rounds)",
      wholeNumber(0, 100),
    )
    .option("--bulk-users <n>", "how many users everybody is", wholeNumber(100, 100_000), 10_000)
    .option(
      "--only <text>",
      "only contenders with this in their name or id, and what they are compared with",
      text,
    )
    .option("--json <file>", "also write all that was measured there", text)
    .option("--markdown <file>", "also write the tables there", text)
    .option("--svg <file>", "also draw the plot there", text)
    .showHelpAfterError("(--help shows what is accepted)")
    .parse(argv)
    .opts<SpeedArguments>();
}
