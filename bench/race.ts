import { GetCommand, type DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { Command } from "commander";
import { startDynamoDbLocal } from "../local/dynamodb-local.ts";
import { createSessionStore } from "../src/sessions/create-session-store.ts";
import { ONE_SESSION } from "../src/sessions/policy.ts";
import { localDocuments } from "../test/support/local-client.ts";
import { createTable, SESSIONS } from "../test/support/tables.ts";
import { usualLogin } from "./support/usual-login.ts";
import { wholeNumber } from "./support/whole-number.ts";

/**
 * The race that "single session" is about: several logins of one user at once, round after round, by the
 * usual "query the index, delete the old, put the new" and by this project's store, on one DynamoDB Local. It
 * counts the rounds that end with more or fewer live sessions than one. DynamoDB Local's index does not lag;
 * on AWS the usual way fares worse.
 */

interface Options {
  readonly rounds: number;
  readonly logins: number;
}

/** One way to log in: gives a token, or whatever it validates by. */
interface Contender {
  readonly name: string;
  readonly login: (userId: string) => Promise<() => Promise<boolean>>;
}

interface Outcome {
  readonly name: string;
  readonly rounds: number;
  readonly oneLive: number;
  readonly severalLive: number;
  readonly noneLive: number;
  readonly failedLogins: number;
}

const options = new Command("npm run bench:race --")
  .description('Races simultaneous logins of one user: "query, delete, put" beside this project\'s store.')
  .option("--rounds <n>", "rounds for each contender", wholeNumber(1, 10_000), 200)
  .option("--logins <n>", "simultaneous logins in a round", wholeNumber(1, 10_000), 8)
  .parse()
  .opts<Options>();

const database = await startDynamoDbLocal();
try {
  const documents = localDocuments(database.endpoint);
  console.log(`${options.logins} simultaneous logins of one user, ${options.rounds} rounds each\n`);
  const outcomes: Outcome[] = [];
  for (const contender of [
    queryDeletePut(documents, await createTable(documents, SESSIONS)),
    thisProject(documents, await createTable(documents, SESSIONS)),
  ]) {
    outcomes.push(await race(contender, options));
  }
  console.table(outcomes);
} finally {
  await database.stop();
}

async function race({ name, login }: Contender, { rounds, logins }: Options): Promise<Outcome> {
  const live: number[] = [];
  let failedLogins = 0;
  for (let round = 0; round < rounds; round++) {
    if (process.stdout.isTTY) process.stdout.write(`\r${name}: round ${round + 1} of ${rounds} `);
    const settled = await Promise.allSettled(Array.from({ length: logins }, () => login("alice")));
    const validate = settled.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
    failedLogins += logins - validate.length;
    const answers = await Promise.all(validate.map((isLive) => isLive()));
    live.push(answers.filter(Boolean).length);
  }
  if (process.stdout.isTTY) process.stdout.write("\r\x1b[K");
  return {
    name,
    rounds,
    oneLive: live.filter((count) => count === 1).length,
    severalLive: live.filter((count) => count > 1).length,
    noneLive: live.filter((count) => count === 0).length,
    failedLogins,
  };
}

function queryDeletePut(documents: DynamoDBDocumentClient, tableName: string): Contender {
  return {
    name: "query the index, delete the old, put the new",
    async login(userId) {
      const key = await usualLogin(documents, tableName, userId);
      return async () => {
        const found = await documents.send(
          new GetCommand({ TableName: tableName, Key: key, ConsistentRead: true }),
        );
        return found.Item !== undefined;
      };
    },
  };
}

function thisProject(documents: DynamoDBDocumentClient, tableName: string): Contender {
  const store = createSessionStore({
    documents,
    tableName,
    settings: { era: "1", timeouts: { idle: 1_800_000, absolute: 43_200_000 }, logoutAllSessions: true },
  });
  return {
    name: "this project's store",
    async login(userId) {
      const outcome = await store.login({
        user: { id: userId, isAdmin: false, permissions: [] },
        identitySource: "trusted",
        device: { label: "bench", class: "desktop" },
        policy: ONE_SESSION,
      });
      if (outcome.outcome !== "logged-in") throw new Error(outcome.outcome);
      return async () => (await store.validate(outcome.token)).outcome === "live";
    },
  };
}
