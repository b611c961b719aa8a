import type { Command } from "commander";
import { report } from "./report.ts";
import { withIdsLast } from "./ids-last.ts";

/** Runs a program with the arguments of this process, and tells the operator what went wrong. */
export async function run(program: Command): Promise<void> {
  try {
    await program.parseAsync(withIdsLast(program, process.argv.slice(2)), { from: "user" });
  } catch (error) {
    process.exitCode = report(error);
  }
}
