/** `npm run prove:jobs`: a long list, whose function is killed while it works. */
import { Command, InvalidArgumentError } from "commander";
import { createDynamoDbClient } from "../../src/dynamodb/sdk-client.ts";
import { startDynamoDbLocal } from "../../local/dynamodb-local.ts";
import { startLocalStack } from "../../local/stack.ts";
import { proveJobs } from "./prove.ts";

const whole = (text: string): number => {
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It is a whole number.");
};
const options = new Command("prove:jobs")
  .description("Logs out a long list on a local stack, and kills its function at random moments.")
  .option("--users <count>", "how many are in the list", whole, 1_000_000)
  .option("--share <of-a-thousand>", "how many of a thousand users have sessions", whole, 20)
  .option("--kills <count>", "how often the function is killed", whole, 20)
  .option("--seed <text>", "what everything random is drawn from", `date-${Date.now()}`)
  .parse()
  .opts<{ readonly users: number; readonly share: number; readonly kills: number; readonly seed: string }>();

const database = await startDynamoDbLocal({ forMeasuring: true });
try {
  const stack = await startLocalStack({
    databaseEndpoint: database.endpoint,
    context: { console: "false", events: "false" },
  });
  // The functions wait as they do on Lambda. Who only watches them has more patience: on a machine that is
  // busy with other things, an answer may take seconds.
  const documents = createDynamoDbClient({
    endpoint: database.endpoint,
    region: stack.region,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    ...{ tries: 10, connectionTimeout: 10_000, requestTimeout: 60_000 },
  });
  let said = 0;
  const { users, kills, seed } = options;
  const report = await proveJobs(stack, documents, {
    ...{ users, kills, seed, share: options.share / 1000 },
    onProgress({ stepsDone, steps }, killed) {
      if (Date.now() - said < 10_000) return;
      said = Date.now();
      console.error(`${stepsDone} of ${steps} steps, killed ${killed} times`);
    },
  });
  const { wrong, job, ...rest } = report;
  console.log(JSON.stringify({ seed, job, ...rest, wrong: wrong.slice(0, 20) }, undefined, 2));
  if (wrong.length > 0) process.exitCode = 1;
  documents.destroy();
  await stack.stop();
} finally {
  await database.stop();
}
