import type { Command } from "commander";
import { report } from "./report.ts";

/** Runs a program with the arguments of this process, and tells the operator what went wrong. */
export async function run(program: Command): Promise<void> {
  try {
    await program.parseAsync();
  } catch (error) {
    process.exitCode = report(error);
  }
}
