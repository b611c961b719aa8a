import type { Command, Option } from "commander";

/** An id that looks like an option: of session ids one in 64, and of some providers' user ids. */
const ID_LIKE_OPTION = /^-[A-Za-z0-9_-]{42}$/;

/**
 * The arguments with ids that begin with `-` behind `--`, where they are taken for no options. Nobody chooses
 * such an id, and it is copied from a list.
 * @param args without the program's own.
 */
export function withIdsLast(program: Command, args: readonly string[]): readonly string[] {
  if (args.includes("--")) return args;
  const valued = allOf(program)
    .flatMap(({ options }) => options)
    .filter(hasValue)
    .flatMap(({ short, long }) => [short, long]);
  const isId = (arg: string, index: number): boolean =>
    ID_LIKE_OPTION.test(arg) && !valued.includes(args[index - 1]);
  const ids = args.filter(isId);
  return ids.length === 0 ? args : [...args.filter((arg, index) => !isId(arg, index)), "--", ...ids];
}

const allOf = (program: Command): Command[] => [program, ...program.commands.flatMap(allOf)];

const hasValue = ({ required, optional }: Option): boolean => required || optional;
