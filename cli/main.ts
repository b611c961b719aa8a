/**
 * `npx serverless-single-session`: the local stack and the operators' commands, for people who have the
 * package, not this repository.
 */
import { createRequire } from "node:module";
import tab from "@bomb.sh/tab/commander";
import { Command } from "commander";
import { devProgram } from "../local/dev/program.ts";
import { run } from "./run.ts";
import { sessionsProgram } from "./sessions/program.ts";
import { smokeProgram } from "./smoke-program.ts";
import { usersProgram } from "./users-program.ts";

const { version } = createRequire(import.meta.url)("serverless-single-session/package.json") as {
  readonly version: string;
};

const program = new Command("serverless-single-session")
  .description(
    "Run a stack that has a SingleSession construct in it on this machine, or operate a deployed one.",
  )
  .version(version)
  .exitOverride()
  .showHelpAfterError("Run with --help to see what is accepted.")
  .addCommand(devProgram())
  .addCommand(sessionsProgram())
  .addCommand(usersProgram())
  .addCommand(smokeProgram());
// `complete <shell>` prints a script; the script asks `complete -- ...` what there is.
tab(program);
await run(program);
