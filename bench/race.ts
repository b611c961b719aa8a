/**
 * The race that "single session" is about: several logins of one user at once, round after round, by the
 * usual "query the index, delete the old, put the new" and by this project's store, on one DynamoDB Local. It
 * counts the rounds that end with more or fewer live sessions than one. DynamoDB Local's index does not lag;
 * on AWS the usual way fares worse.
 */
import { GetCommand, type DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { createSessionStore } from "../src/sessions/create-session-store.ts";
import { ONE_SESSION } from "../src/sessions/policy.ts";
import { localDocuments } from "../test/support/local-client.ts";
import { createTable, SESSIONS } from "../test/support/tables.ts";
import { onEngine } from "./support/engine.ts";
import { benchCommand, wholeNumber } from "./support/options.ts";
import { startProgress } from "./support/progress.ts";
import { BENCH_DEVICE, benchUser, SETTINGS } from "./support/seed.ts";
import { usualLogin } from "../local/lab/usual-way.ts";

/** A login; what it gives tells whether its session is live. */
type Login = (userId: string) => Promise<() => Promise<boolean>>;
type Contender = (documents: DynamoDBDocumentClient, tableName: string) => Login;

const CONTENDERS: Readonly<Record<string, Contender>> = {
  "query the index, delete the old, put the new": (documents, TableName) => async (userId) => {
    const Key = await usualLogin(documents, TableName, userId);
    return async () => {
      const found = await documents.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
      return found.Item !== undefined;
    };
  },
  "this project's store": (documents, tableName) => {
    const store = createSessionStore({ documents, tableName, settings: SETTINGS });
    const request = { identitySource: "trusted", device: BENCH_DEVICE, policy: ONE_SESSION } as const;
    return async (userId) => {
      const outcome = await store.login({ ...request, user: benchUser(userId) });
      if (outcome.outcome !== "logged-in") throw new Error(outcome.outcome);
      return async () => (await store.validate(outcome.token)).outcome === "live";
    };
  },
};

const { rounds, logins } = benchCommand(
  "bench:race",
  'Races simultaneous logins of one user: "query, delete, put" beside this project\'s store.',
)
  .option("--rounds <n>", "rounds for each contender", wholeNumber(1, 10_000), 200)
  .option("--logins <n>", "simultaneous logins in a round", wholeNumber(1, 10_000), 8)
  .parse()
  .opts<{ readonly rounds: number; readonly logins: number }>();

await onEngine(async ({ endpoint }, signal) => {
  const documents = localDocuments(endpoint);
  console.log(`${logins} simultaneous logins of one user, ${rounds} rounds each\n`);
  const outcomes = [];
  for (const [name, contender] of Object.entries(CONTENDERS)) {
    outcomes.push(await race(name, contender(documents, await createTable(documents, SESSIONS)), signal));
  }
  console.table(outcomes);
});

async function race(name: string, login: Login, signal: AbortSignal): Promise<object> {
  const progress = startProgress(name, rounds);
  const live: number[] = [];
  let failedLogins = 0;
  while (live.length < rounds && !signal.aborted) {
    const settled = await Promise.allSettled(Array.from({ length: logins }, () => login("alice")));
    const done = settled.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
    failedLogins += logins - done.length;
    const answers = await Promise.all(done.map((isLive) => isLive()));
    progress.at(live.push(answers.filter(Boolean).length));
  }
  progress.end();
  return {
    name,
    rounds: live.length,
    oneLive: live.filter((count) => count === 1).length,
    severalLive: live.filter((count) => count > 1).length,
    noneLive: live.filter((count) => count === 0).length,
    failedLogins,
  };
}
