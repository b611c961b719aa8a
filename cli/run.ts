import type { Command } from "commander";
import { EXIT_CODES } from "./messages.ts";
import { report } from "./report.ts";
import { withIdsLast } from "./ids-last.ts";

/** Runs a program with the arguments of this process, and tells the operator what went wrong. */
export async function run(program: Command): Promise<void> {
  // Whoever reads it, such as `head`, has enough.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(EXIT_CODES.done);
  });
  try {
    await program.parseAsync(withIdsLast(program, process.argv.slice(2)), { from: "user" });
  } catch (error) {
    process.exitCode = report(error);
  }
}
