import { writeFile } from "node:fs/promises";
import { Command, InvalidArgumentError } from "commander";
import { startDynamoDbLocal } from "../../local/dynamodb-local.ts";
import { copyProduct } from "./copy-product.ts";
import { detect, type Catch, type Detector, type Miss, type Search } from "./detectors.ts";
import { KNOWN_BUGS } from "./known-bugs.ts";
import { MORE_BUGS } from "./more-bugs.ts";
import type { Mutation } from "./mutation.ts";

interface Options {
  readonly seed: string;
  readonly rounds: number;
  readonly runs: number;
  readonly only: string;
  readonly control: boolean;
  readonly report?: string;
}

const wholeNumber = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 1_000_000) {
    throw new InvalidArgumentError("Accepted is a whole number from 1 to 1000000.");
  }
  return value;
};

const options = new Command("npm run prove:mutations --")
  .description(
    "Puts each known bug into a copy of the product and lets every detector at it, then a copy without any.\n" +
      "Exit code 1: a bug that no detector caught, or a copy without one in which something was found.",
  )
  .option("--seed <text>", "of the rounds and the interleavings", "mutations")
  .option("--rounds <n>", "most rounds of `prove` for a bug", wholeNumber, 40)
  .option("--runs <n>", "most interleavings for a bug", wholeNumber, 1000)
  .option("--only <text>", "the bugs whose name contains this", "")
  .option("--no-control", "leave out the copy without a bug")
  .option("--report <file>", "also write the table there, as Markdown")
  .parse()
  .opts<Options>();

type Said = Catch | Miss;

/** The same detectors for everybody: a profile of `prove` beside those that need none. */
const detectorsOf = ({ caughtBy }: Pick<Mutation, "caughtBy">): Detector[] => [
  caughtBy.find((detector) => detector.startsWith("prove")) ?? "prove jitter",
  "interleavings",
  "model",
];

async function tryAll(
  mutation: Mutation | undefined,
  detectors: readonly Detector[],
  search: Search,
): Promise<Said[]> {
  const copy = await copyProduct(mutation);
  const said: Said[] = [];
  try {
    for (const detector of detectors) {
      const startedAt = performance.now();
      const answer = await detect(detector, copy.root, search);
      said.push(answer);
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
      const what = answer.what === undefined ? "nothing found" : `caught: ${answer.what}`;
      print(`${mutation?.name ?? "no mutation"} · ${detector} · ${answer.after} · ${seconds} s · ${what}`);
    }
  } finally {
    await copy.remove();
  }
  return said;
}

const print = (line: string): void => void process.stdout.write(`${line}\n`);

function cell(answer: Said | undefined): string {
  if (answer === undefined) return "";
  const invariant = answer.what?.split(":", 1)[0];
  const profile = answer.detector.startsWith("prove") ? `, ${answer.detector}` : "";
  return `${invariant === undefined ? "–" : `**${invariant}**`} after ${answer.after}${profile}`;
}

const row = (name: string, said: readonly Said[]): string => `| ${[name, ...said.map(cell)].join(" | ")} |`;

const database = await startDynamoDbLocal();
const rows = ["| mutation | history checker | interleavings | model |", "| --- | --- | --- | --- |"];
try {
  const search = { ...options, endpoint: database.endpoint };
  const mutations = [...KNOWN_BUGS, ...MORE_BUGS].filter(({ name }) => name.includes(options.only));
  const uncaught: string[] = [];
  for (const mutation of mutations) {
    const said = await tryAll(mutation, detectorsOf(mutation), search);
    rows.push(row(mutation.name, said));
    if (said.every(({ what }) => what === undefined)) uncaught.push(mutation.name);
  }
  if (options.control) {
    const all = new Set<Detector>([...mutations.flatMap(detectorsOf), "interleavings", "model"]);
    const said = await tryAll(undefined, [...all], search);
    const of = (kind: string): string =>
      said
        .filter(({ detector }) => detector.startsWith(kind))
        .map(cell)
        .join("; ");
    rows.push(`| none | ${of("prove")} | ${of("interleavings")} | ${of("model")} |`);
    if (said.some(({ what }) => what !== undefined)) uncaught.push("none");
  }
  const table = rows.join("\n");
  print(`\n${table}\n`);
  print(uncaught.length === 0 ? "every mutation was caught" : `wrong: ${uncaught.join(", ")}`);
  if (options.report !== undefined) await writeFile(options.report, `${table}\n`);
  process.exitCode = uncaught.length === 0 ? 0 : 1;
} finally {
  await database.stop();
}
// What a mutation broke may go on trying for ever.
process.exit();
