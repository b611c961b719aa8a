/**
 * `npx serverless-single-session`: the operators' commands, for people who have the package, not this
 * repository.
 */
import { createRequire } from "node:module";
import tab from "@bomb.sh/tab/commander";
import { Command } from "commander";
import { run } from "./run.ts";
import { sessionsProgram } from "./sessions/program.ts";
import { smokeProgram } from "./smoke-program.ts";
import { usersProgram } from "./users-program.ts";

const { version } = createRequire(import.meta.url)("serverless-single-session/package.json") as {
  readonly version: string;
};

const program = new Command("serverless-single-session")
  .description("Operate a stack that has a SingleSession construct in it.")
  .version(version)
  .exitOverride()
  .showHelpAfterError("Run with --help to see what is accepted.")
  .addCommand(sessionsProgram())
  .addCommand(usersProgram())
  .addCommand(smokeProgram());
// `complete <shell>` prints a script; the script asks `complete -- ...` what there is.
tab(program);
await run(program);
