import { Command, InvalidArgumentError } from "commander";
import { search, showSearch } from "./search.ts";

const wholeNumber = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError("Accepted is a whole number from 1.");
  return value;
};

const options = new Command("npm run prove:sign-ins --")
  .description(
    "Searches made-up histories of a user's sign-ins for one in which a refreshed token is let in after the end of its session was told.",
  )
  .option("--histories <n>", "how many", wholeNumber, 100_000)
  .option("--seed <text>", "of the histories", `date-${Date.now()}`)
  .parse()
  .opts<{ histories: number; seed: string }>();

const print = (text: string): void => void process.stdout.write(`${text}\n`);

print(`seed ${options.seed}`);
const report = await search({ ...options, onProgress: (done) => print(`${done} histories`) });
print(showSearch(report));
process.exitCode = report.violation === undefined ? 0 : 1;
