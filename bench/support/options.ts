import { writeFile } from "node:fs/promises";
import { Command, InvalidArgumentError, Option } from "commander";

/** For commander: any text but none. */
export function text(given: string): string {
  if (given.trim() !== "") return given;
  throw new InvalidArgumentError("It must not be empty.");
}

/** For commander: a whole number within limits, or an error that names them. */
export const wholeNumber =
  (least: number, most: number) =>
  (given: string): number => {
    const number = Number(given);
    if (/^\d+$/.test(given) && number >= least && number <= most) return number;
    throw new InvalidArgumentError(`Accepted is a whole number from ${least} to ${most}.`);
  };

/** For commander: whole numbers with commas between them; they are given ascending, each once. */
export const wholeNumbers =
  (least: number, most: number) =>
  (list: string): number[] =>
    [...new Set(list.split(",").map((part) => wholeNumber(least, most)(part.trim())))].sort((a, b) => a - b);

interface BenchOption<Value> {
  readonly value: string;
  readonly about: string;
  readonly parse?: (given: string) => Value;
  readonly usually?: Value;
}

/** @param value what `--help` shows of it: `<n>`. @param usually what it is unless it is given. */
export const option = <Value>(
  value: string,
  about: string,
  parse: (given: string) => Value,
  usually: Value,
): BenchOption<Value> => ({ value, about, parse, usually });

/** An option that may be left out. */
export const optional = <Value>(
  value: string,
  about: string,
  parse?: (given: string) => Value,
): BenchOption<Value | undefined> => ({ value, about, ...(parse && { parse }) });

/** An option that is given or not. */
export const flag = (about: string): BenchOption<true | undefined> => optional("", about);

/** Files to write beside what is printed. */
export interface ResultFiles {
  readonly json?: string | undefined;
  readonly markdown?: string | undefined;
}
const RESULT_FILES = {
  json: optional("<file>", "also write all that was measured there", text),
  markdown: optional("<file>", "also write the tables there", text),
};

/**
 * Reads the command line of `npm run <name>`: the options, by the names that they have in the result, and
 * those of all measurements. Ends the process where it cannot be right, and for `--help`.
 */
export function benchOptions<Values extends object>(
  name: string,
  about: string,
  options: { readonly [Name in keyof Values]: BenchOption<Values[Name]> },
): Readonly<Values & ResultFiles> {
  const command = new Command(`npm run ${name} --`)
    .description(about)
    .showHelpAfterError("(--help shows what is accepted)");
  const all: Record<string, BenchOption<unknown>> = { ...options, ...RESULT_FILES };
  for (const [camelCase, { value, about: whatFor, parse, usually }] of Object.entries(all)) {
    const dashed = camelCase.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const added = new Option(`--${dashed} ${value}`.trim(), whatFor).default(usually);
    command.addOption(parse === undefined ? added : added.argParser(parse));
  }
  return command.parse().opts<Values & ResultFiles>();
}

/** Prints the tables, and writes the files that were asked for. */
export async function conclude(
  { json, markdown }: ResultFiles,
  tables: string,
  results: object,
): Promise<void> {
  console.log(tables);
  if (json !== undefined) await writeFile(json, `${JSON.stringify(results, undefined, 2)}\n`);
  if (markdown !== undefined) await writeFile(markdown, `${tables.trimEnd()}\n`);
}
