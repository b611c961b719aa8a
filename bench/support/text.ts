import { InvalidArgumentError } from "commander";

/** For commander: any text but none. */
export function text(given: string): string {
  if (given.trim() !== "") return given;
  throw new InvalidArgumentError("It must not be empty.");
}
