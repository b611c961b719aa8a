/** Logins, logouts and validations with the outbox off, on and broken, in turns, on one DynamoDB Local. */
import { setTimeout as sleep } from "node:timers/promises";
import { UpdateTableCommand } from "@aws-sdk/client-dynamodb";
import { createDocumentClient } from "../../src/dynamodb/client.ts";
import type { DocumentClient } from "../../src/dynamodb/document-client.ts";
import { createSessionStore } from "../../src/sessions/create-session-store.ts";
import { localDocuments } from "../../test/support/local-client.ts";
import { createTable, SESSIONS } from "../../test/support/tables.ts";
import { inChild } from "../support/child.ts";
import { environmentOf, onEngine } from "../support/engine.ts";
import { benchOptions, conclude, option, wholeNumber } from "../support/options.ts";
import { eachOf, expect, type Measured } from "../support/rounds.ts";
import { logIn, newUserIds, seedUsers, SETTINGS } from "../support/seed.ts";
import { countsTable, countVariants, idOf, measureVariants, timesTable } from "../support/variants.ts";
import type { VariantResults } from "../support/variants.ts";
import { READING, readStream, type ReadReport } from "./reader.ts";

const options = benchOptions(
  "bench:outbox",
  "Measures logins, logouts and validations with the outbox off, on and broken (neither bus nor queue takes " +
    "anything), interleaved on one DynamoDB Local; counts round trips and units. Nothing is judged.",
  {
    rounds: option("<n>", "rounds, each with a block of every operation and state", wholeNumber(1, 1000), 30),
    calls: option("<n>", "calls in a block", wholeNumber(5, 10_000), 50),
  },
);

/** Whether the outbox reads the table's stream. */
const STATES = ["off", "on", "broken"] as const;
type State = (typeof STATES)[number];
const OPERATIONS = ["validate, live", "login that displaces", "logout"] as const;

/** Sessions have a channel where push is on. */
const PUSH = { url: "wss://push.example", host: "push.example", publishUrl: "https://push.example/event" };

interface Table {
  readonly state: State;
  readonly tableName: string;
  readonly streamArn: string;
}

const results: VariantResults = { operations: OPERATIONS, variants: STATES, counts: [], blocks: [] };
const reports = new Map<State, ReadReport>();

await onEngine(async (endpoint, signal) => {
  const tables = await Promise.all(STATES.map((state) => createTableOf(endpoint, state)));
  const contendersAt = (place: string): Measured[] => {
    const documents = createDocumentClient(environmentOf(place));
    return tables.flatMap((table) => contendersOf(documents, table));
  };
  await countVariants(endpoint, contendersAt, results, signal);
  const stopping = new AbortController();
  const stop = AbortSignal.any([signal, stopping.signal]);
  const readers = tables
    .filter(({ state }) => state !== "off")
    .map((table) => startReader(endpoint, table, stop));
  await measureVariants(contendersAt(endpoint), { ...options, stop: signal }, results);
  // What the last block changed is read now.
  if (!signal.aborted) await sleep(2000);
  stopping.abort();
  await Promise.all(readers);
});

const microseconds = (count: number): string => count.toFixed(0);
const said = [...reports].map(
  ([state, { told, calls }]) => `${state}: ${told} events told in ${calls} calls of the function.`,
);
const parts = [
  timesTable(results, ["off, p50 µs", microseconds], (state) => `${state}, to off`),
  countsTable(results, "outbox"),
  said.join("\n"),
];
await conclude(options, parts.join("\n\n"), { ...results, reports: [...reports] });

async function createTableOf(endpoint: string, state: State): Promise<Table> {
  const client = localDocuments(endpoint);
  const TableName = await createTable(client, SESSIONS);
  const StreamSpecification = { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" } as const;
  const { TableDescription } = await client.send(new UpdateTableCommand({ TableName, StreamSpecification }));
  client.destroy();
  return { state, tableName: TableName, streamArn: TableDescription?.LatestStreamArn ?? "" };
}

function startReader(endpoint: string, { state, ...table }: Table, signal: AbortSignal): Promise<void> {
  const task = { ...table, isBroken: state === "broken" };
  return inChild(READING, readStream, task, {
    environment: environmentOf(endpoint),
    signal,
    onMessage: (report) => void reports.set(state, report),
  });
}

/** The operations on one table. */
function contendersOf(documents: DocumentClient, { state, tableName }: Table): Measured[] {
  const settings = state === "off" ? SETTINGS : { ...SETTINGS, push: PUSH };
  const store = createSessionStore({ documents, tableName, settings });
  const users = (count: number) => seedUsers({ documents, tableName, settings }, newUserIds(count));
  const prepares: Record<(typeof OPERATIONS)[number], Measured["prepare"]> = {
    "validate, live": async () => {
      const [user] = await users(1);
      if (user === undefined) throw new Error("no user was seeded");
      return async () => expect((await store.validate(user.token, { touch: false })).outcome, "live");
    },
    "login that displaces": eachOf(users, ({ userId }) => logIn(store, userId, 1)),
    logout: eachOf(users, async ({ token }) => expect((await store.logout(token)).outcome, "ended")),
  };
  return OPERATIONS.map((operation) => ({
    id: idOf(operation, state),
    prepare: prepares[operation],
  }));
}
