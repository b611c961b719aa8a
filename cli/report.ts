import { CommanderError } from "commander";
import { INTERRUPTED } from "./interruption.ts";
import { EXIT_CODES, OperatorError, UsageError } from "./messages.ts";

/** Tells the operator what went wrong; answers with the exit code. */
export function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_CODES.done : EXIT_CODES.usage;
  if (error instanceof UsageError) {
    console.error(`error: ${error.message}`);
    return EXIT_CODES.usage;
  }
  if (error instanceof Error && error.name === "ExitPromptError") {
    console.error("Nothing was changed.");
    return INTERRUPTED;
  }
  console.error(error instanceof OperatorError ? `error: ${error.message}` : explained(error));
  return EXIT_CODES.refused;
}

/**
 * A fault's message with what lies beneath it; never the objects themselves, which may hold requests with a
 * hash in them.
 */
function explained(error: unknown): string {
  if (!(error instanceof Error)) return `error: ${String(error)}`;
  const cause = error.cause instanceof Error ? `\n  because: ${error.cause.message}` : "";
  return `error: ${error.message}${cause}`;
}
