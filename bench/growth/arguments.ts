import { Command, Option } from "commander";
import { text } from "../support/text.ts";
import { wholeNumber } from "../support/whole-number.ts";

/** The arguments of `npm run bench:growth`. */
export interface GrowthArguments {
  /** Ascending, each once. */
  readonly sizes: readonly number[];
  readonly rounds: number;
  /** Ascending, each once. */
  readonly revoke: readonly number[];
  readonly chunk: number;
  readonly scan: number;
  readonly rosters: "all" | "measured";
  readonly data?: string;
  readonly json?: string;
  readonly markdown?: string;
}

const SIZES = { least: 200, most: 10_000_000 } as const;
const REVOKED = { least: 1, most: 1_000_000 } as const;

/**
 * Reads the command line; a value that cannot be right, and `--help`, end the process with what commander
 * says.
 */
export function readGrowthArguments(argv: readonly string[]): GrowthArguments {
  return new Command("npm run bench:growth --")
    .description(
      "Measures the store's operations with ever more live sessions in the table, interleaved, and the bulk revoke with its memory. " +
        "DynamoDB Local takes some thousands of items a second: filling a million sessions takes minutes.",
    )
    .option("--sizes <list>", "live sessions in the tables", numbers(SIZES), [1000, 100_000, 1_000_000])
    .option("--rounds <n>", "rounds of all operations on all tables", wholeNumber(1, 1000), 15)
    .option("--revoke <list>", "users of the bulk revokes", numbers(REVOKED), [10, 1000, 100_000])
    .option("--chunk <n>", "users in one call of the bulk revoke", wholeNumber(1, 1_000_000), 1000)
    .option(
      "--scan <n>",
      "sessions of the store without an index, 0 for none",
      wholeNumber(0, 1_000_000),
      100_000,
    )
    .addOption(
      new Option(
        "--rosters <which>",
        "whose rosters are in the tables: everybody's, or those of users measured",
      )
        .choices(["all", "measured"])
        .default("measured"),
    )
    .option(
      "--data <folder>",
      "keeps the tables there: an interrupted filling goes on, a filled table is used again (slow on a disk; /dev/shm is memory)",
      text,
    )
    .option("--json <file>", "also write all that was measured there", text)
    .option("--markdown <file>", "also write the tables there", text)
    .showHelpAfterError("(--help shows what is accepted)")
    .parse(argv)
    .opts<GrowthArguments>();
}

function numbers({ least, most }: { readonly least: number; readonly most: number }) {
  const one = wholeNumber(least, most);
  return (list: string): number[] => {
    const values = list.split(",").map((part) => one(part.trim()));
    return [...new Set(values)].sort((a, b) => a - b);
  };
}
