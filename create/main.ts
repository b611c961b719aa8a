#!/usr/bin/env node
import { join, resolve } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { askName, askRest, withDefaults } from "./ask.ts";
import { nameProblem, QUESTION_NAMES, QUESTIONS, valuesOf, type Choices } from "./choices.ts";
import { VERSIONS } from "./versions.ts";
import { writeApp } from "./write-app.ts";

/** The template's folder lies beside this file's, in the package and in the repository. */
const TEMPLATE = join(import.meta.dirname, import.meta.filename.endsWith(".ts") ? "" : "..", "template");

const program = new Command("create-serverless-single-session")
  .description("Makes an app on API Gateway and Lambda in which each user has one active session.")
  .argument("[name]", "of the app and of its folder", (name) => {
    const problem = nameProblem(name);
    if (problem !== undefined) throw new InvalidArgumentError(problem);
    return name;
  })
  .option("--yes", "do not ask: take the first choice of what is not given", false)
  .option("--package <spec>", "the version of serverless-single-session, or a tarball's path");
for (const name of QUESTION_NAMES) {
  const { option, message } = QUESTIONS[name];
  program.addOption(new Option(`--${option} <choice>`, message).choices(valuesOf(name)));
}
program.addHelpText(
  "after",
  `
Examples:
  $ npm create serverless-single-session
  $ npm create serverless-single-session my-app -- --sign-in cognito --api http --front-end react
  $ npm create serverless-single-session my-app -- --yes`,
);

interface Options extends Partial<Choices> {
  readonly yes: boolean;
  readonly package?: string;
}

async function main(): Promise<void> {
  program.parse();
  const { yes, package: version, ...given } = program.opts<Options>();
  const asks = !yes && process.stdin.isTTY;
  const missing = QUESTION_NAMES.filter((name) => given[name] === undefined);
  if (!asks && !yes && missing.length > 0) {
    const options = missing.map((name) => `--${QUESTIONS[name].option}`).join(", ");
    program.error(`error: there is no terminal to ask on. Give ${options}, or --yes for the first choices.`);
  }
  const argument = program.processedArgs[0] as string | undefined;
  const name = argument ?? (asks ? await askName() : "my-app");
  const choices = asks ? await askRest(given) : withDefaults(given);
  const problem = nameProblem(name, choices.signIn);
  if (problem !== undefined) program.error(`error: ${problem}`);
  const spec = version ?? VERSIONS["serverless-single-session"];
  const app = { ...choices, name, package: spec.endsWith(".tgz") ? `file:${resolve(spec)}` : spec };
  try {
    for (const path of writeApp(resolve(name), app, TEMPLATE, VERSIONS)) console.log(`  ${name}/${path}`);
  } catch (error) {
    program.error(`error: ${error instanceof Error ? error.message : String(error)}`);
  }
  console.log(`\nRun it on this machine, which needs Java 17 or newer, and neither AWS nor docker:\n`);
  console.log(`  cd ${name} && npm install && npm run dev`);
}

try {
  await main();
} catch (error) {
  // Ctrl-C at a question.
  if (!(error instanceof Error && error.name === "ExitPromptError")) throw error;
  process.exitCode = 130;
}
