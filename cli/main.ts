/**
 * `npx serverless-single-session`: the operators' commands, for people who have the package, not this
 * repository.
 */
import { createRequire } from "node:module";
import { Command } from "commander";
import { run } from "./run.ts";
import { smokeProgram } from "./smoke-program.ts";
import { usersProgram } from "./users-program.ts";

const { version } = createRequire(import.meta.url)("serverless-single-session/package.json") as {
  readonly version: string;
};

await run(
  new Command("serverless-single-session")
    .description("Operate a stack that has a SingleSession construct in it.")
    .version(version)
    .exitOverride()
    .showHelpAfterError("Run with --help to see what is accepted.")
    .addCommand(usersProgram())
    .addCommand(smokeProgram()),
);
