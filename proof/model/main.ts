import { pathToFileURL } from "node:url";
import { Command } from "commander";
import { exploreAll, exploreWeaker, showExploration, type ModelOptions } from "./run.ts";
import type { Exploration } from "./explore.ts";

interface Options {
  readonly deep: boolean;
  readonly weaker: boolean;
  readonly json: boolean;
  readonly only?: string;
  readonly root?: string;
}

const print = (text: string): boolean => process.stdout.write(`${text}\n`);

async function main({ deep, weaker, json, only, root }: Options): Promise<void> {
  const options: ModelOptions = {
    deep,
    ...(only !== undefined && { only }),
    ...(root !== undefined && { root: pathToFileURL(root.endsWith("/") ? root : `${root}/`) }),
    ...(!json && { onExplored: (exploration: Exploration) => print(showExploration(exploration)) }),
  };
  const explorations = weaker ? await exploreWeaker(options) : await exploreAll(options);
  const count = (verdict: Exploration["verdict"]): number =>
    explorations.filter((exploration) => exploration.verdict === verdict).length;
  if (json) print(JSON.stringify(explorations));
  const states = explorations.reduce((sum, exploration) => sum + exploration.states, 0);
  const steps = explorations.reduce((sum, exploration) => sum + exploration.steps, 0);
  if (!json)
    print(
      `${explorations.length} scenarios, ${states} states, ${steps} steps: ` +
        `${count("holds")} hold, ${count("violation")} violations, ${count("undecided")} undecided`,
    );
  if (explorations.length === 0) throw new Error(`no scenario's name contains "${only ?? ""}"`);
  process.exitCode = count(weaker ? "violation" : "holds") === explorations.length ? 0 : 1;
}

await new Command("model")
  .description("Explore every interleaving of a few operations at the grain of single DynamoDB requests.")
  .option("--deep", "also the scenarios that take minutes", false)
  .option("--weaker", "instead, protocols that lack something: each must be caught", false)
  .option("--only <text>", "only the scenarios whose name contains this")
  .option("--root <folder>", "the checkout whose product is run")
  .option("--json", "print the explorations as JSON", false)
  .action((options: Options) => main(options))
  .parseAsync();
