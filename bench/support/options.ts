import { writeFile } from "node:fs/promises";
import { Command, InvalidArgumentError } from "commander";

/** For commander: any text but none. */
export function text(given: string): string {
  if (given.trim() !== "") return given;
  throw new InvalidArgumentError("It must not be empty.");
}

/** For commander: a whole number within limits, or an error that names them. */
export const wholeNumber =
  (least: number, most: number) =>
  (text: string): number => {
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= least && number <= most) return number;
    throw new InvalidArgumentError(`Accepted is a whole number from ${least} to ${most}.`);
  };

/** For commander: whole numbers with commas between them; they are given ascending, each once. */
export const wholeNumbers =
  (least: number, most: number) =>
  (list: string): number[] =>
    [...new Set(list.split(",").map((part) => wholeNumber(least, most)(part.trim())))].sort((a, b) => a - b);

/** The command line of `npm run <name>`. */
export const benchCommand = (name: string, description: string): Command =>
  new Command(`npm run ${name} --`)
    .description(description)
    .showHelpAfterError("(--help shows what is accepted)");

/** Files to write beside what is printed. */
export interface ResultFiles {
  readonly json?: string;
  readonly markdown?: string;
}

/** Adds the options for {@link ResultFiles}. */
export const withResultFiles = (command: Command): Command =>
  command
    .option("--json <file>", "also write all that was measured there", text)
    .option("--markdown <file>", "also write the tables there", text);

/** Writes the files that were asked for. */
export async function writeResults(
  { json, markdown }: ResultFiles,
  results: object,
  tables: string,
): Promise<void> {
  if (json !== undefined) await writeFile(json, `${JSON.stringify(results, undefined, 2)}\n`);
  if (markdown !== undefined) await writeFile(markdown, tables);
}
