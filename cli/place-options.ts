import { InvalidArgumentError, Option, type Command } from "commander";
import type { Place } from "./place.ts";

/** The options by which every command finds its stack. */
export interface PlaceOptions {
  readonly port: number;
  readonly stack?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly construct?: string;
}

const DEFAULT_PORT = 3000;

/** Gives a command the options of {@link PlaceOptions}. */
export function withPlaceOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--port <port>", "port of the local stack").argParser(portNumber).default(DEFAULT_PORT),
    )
    .addOption(new Option("--stack <name>", "a deployed stack instead of the local one").conflicts("port"))
    .option("--region <region>", "Region of the deployed stack")
    .option("--profile <profile>", "AWS profile for the deployed stack")
    .option("--construct <path>", "which SingleSession construct, where the stack has several")
    .hook("preAction", (_, actionCommand) => {
      const { stack, region, profile } = actionCommand.opts<Partial<PlaceOptions>>();
      if (stack === undefined && (region ?? profile) !== undefined) {
        actionCommand.error("error: --region and --profile belong to a deployed stack; name it with --stack");
      }
    });
}

/** The place that the options name. */
export function placeOf({ port, stack, region, profile, construct }: PlaceOptions): Place {
  return stack === undefined
    ? { kind: "local", port, construct }
    : { kind: "deployed", stackName: stack, region, profile, construct };
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535) {
    throw new InvalidArgumentError("A port is a whole number from 1 to 65535.");
  }
  return port;
}
