import { Command, InvalidArgumentError } from "commander";
import { search, showSearch } from "./search.ts";

const wholeNumber = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError("Accepted is a whole number from 1.");
  return value;
};

const options = new Command("npm run prove:outbox --")
  .description(
    "Searches made-up histories of sessions, and of the outbox that tells of them, for a start or an end that is told nowhere or wrongly.",
  )
  .option("--changes <n>", "of sessions' items, at least", wholeNumber, 100_000)
  .option("--seed <text>", "of the histories", `date-${Date.now()}`)
  .parse()
  .opts<{ changes: number; seed: string }>();

const print = (text: string): void => void process.stdout.write(`${text}\n`);

print(`seed ${options.seed}`);
const report = await search({ ...options, onProgress: (done) => print(`${done} changes`) });
print(showSearch(report));
process.exitCode = report.violation === undefined ? 0 : 1;
