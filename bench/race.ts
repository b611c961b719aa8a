/**
 * The race that "single session" is about: several logins of one user at once, round after round, by the
 * usual "query the index, delete the old, put the new" and by this project's store, on one DynamoDB Local. It
 * counts the rounds that end with more or fewer live sessions than one. DynamoDB Local's index does not lag;
 * on AWS the usual way fares worse.
 */
import { GetCommand, type DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { usualLogin } from "../local/lab/usual-way.ts";
import { createSessionStore } from "../src/sessions/create-session-store.ts";
import { localDocuments } from "../test/support/local-client.ts";
import { createTable, SESSIONS } from "../test/support/tables.ts";
import { onEngine } from "./support/engine.ts";
import { benchOptions, conclude, option, wholeNumber } from "./support/options.ts";
import { startProgress } from "./support/progress.ts";
import { logIn, SETTINGS } from "./support/seed.ts";
import { tableOf } from "./support/tables.ts";

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
    return async (userId) => {
      const { token } = await logIn(store, userId);
      return async () => (await store.validate(token)).outcome === "live";
    };
  },
};

const options = benchOptions(
  "bench:race",
  'Races simultaneous logins of one user: "query, delete, put" beside this project\'s store.',
  {
    rounds: option("<n>", "rounds for each contender", wholeNumber(1, 10_000), 200),
    logins: option("<n>", "simultaneous logins in a round", wholeNumber(1, 10_000), 8),
  },
);
const { rounds, logins } = options;

await onEngine(async (endpoint, signal) => {
  const documents = localDocuments(endpoint);
  const races = [];
  for (const [name, contender] of Object.entries(CONTENDERS)) {
    const login = contender(documents, await createTable(documents, SESSIONS));
    races.push({ name, ...(await race(name, login, signal)) });
  }
  const table = tableOf(races, [
    ["way to log in", ({ name }) => name],
    ["rounds", ({ live }) => String(live.length)],
    ["one live session", ({ live }) => String(live.filter((count) => count === 1).length)],
    ["several live sessions", ({ live }) => String(live.filter((count) => count > 1).length)],
    ["none", ({ live }) => String(live.filter((count) => count === 0).length)],
    ["failed logins", ({ failedLogins }) => String(failedLogins)],
  ]);
  const head = `${logins} simultaneous logins of one user, ${rounds} rounds each`;
  await conclude(options, `${head}\n\n${table}`, races);
});

/** @returns how many sessions each round left alive. */
async function race(name: string, login: Login, signal: AbortSignal) {
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
  return { live, failedLogins };
}
