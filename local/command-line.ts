import { Command, InvalidArgumentError } from "commander";

/** The arguments of `npm start`. */
export interface StartArguments {
  readonly port: number;
  readonly data?: string;
  readonly set: Readonly<Record<string, string>>;
  readonly events?: true;
  readonly verbose?: true;
}

const DEFAULT_PORT = 3000;

/**
 * Reads the command line; a value that cannot be right, and `--help`, end the process with what commander
 * says.
 */
export function readArguments(argv: readonly string[]): StartArguments {
  return new Command()
    .name("npm start --")
    .description("Runs the synthesized stack on this machine: DynamoDB Local, the functions, the HTTP API.")
    .option("--port <number>", "where it listens, on localhost", toPort, DEFAULT_PORT)
    .option("--data <folder>", "keep the tables in this folder (else they are in memory)", toFolder)
    .option("--set <name=value>", "set a setting, as context of the CDK app; repeatable", collectSetting, {})
    .option("--events", "show each event that is told on a bus, in a line")
    .option("--verbose", "show everything that the functions log, not only errors")
    .showHelpAfterError("(--help shows what is accepted)")
    .parse(argv)
    .opts<StartArguments>();
}

function toPort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new InvalidArgumentError("A port is a whole number from 1 to 65535.");
}

function toFolder(text: string): string {
  if (text !== "") return text;
  throw new InvalidArgumentError("Name a folder.");
}

function collectSetting(text: string, earlier: Readonly<Record<string, string>>): Record<string, string> {
  const mark = text.indexOf("=");
  if (mark < 1) throw new InvalidArgumentError("A setting is name=value, as in idleTimeout=30m.");
  return { ...earlier, [text.slice(0, mark)]: text.slice(mark + 1) };
}
