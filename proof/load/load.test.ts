import { randomUUID } from "node:crypto";
import { DeleteCommand, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { KnownUser } from "./known-user.ts";
import { GHOST, LOST_SESSION, LoadErrors, UNEXPECTED, WRONG_REASON } from "./load-errors.ts";
import type { Mix } from "./checked-calls.ts";
import { createPopulation } from "./population.ts";
import { runLoad, type LoadResult } from "./run.ts";
import { LOAD_SETTINGS } from "./settings.ts";
import { startStackChild, type StackChild } from "./stack-child.ts";
import { endingKey, sessionKey } from "../../src/sessions/table.ts";
import { testDatabaseEndpoint } from "../../test/support/database-endpoint.ts";
import { testClient } from "../../test/support/dynamodb.ts";
import { synthesizeOnce } from "../../test/support/local-stack.ts";

/** Everything equally often, so that a few seconds see all of it. */
const EVEN: Mix = {
  validate: 1,
  "login (trusted)": 1,
  "login (password)": 1,
  logout: 1,
  "list own": 1,
  "end one": 1,
  "admin logout": 1,
};

const AT_ONCE = 4;

let stack: StackChild;
const logged: string[] = [];

beforeAll(async () => {
  const synthesizedFolder = await synthesizeOnce({ context: LOAD_SETTINGS });
  const databaseEndpoint = testDatabaseEndpoint();
  const tableNameSuffix = `-${randomUUID()}`;
  stack = await startStackChild({ synthesizedFolder, databaseEndpoint, tableNameSuffix }, (line) =>
    logged.push(line),
  );
});
afterAll(() => stack.stop());

/** Runs a load until something has been seen or done meanwhile, however long that takes here. */
async function loadDuring(
  meanwhile: (users: readonly KnownUser[]) => Promise<void>,
  { users: count = 10 } = {},
): Promise<LoadResult> {
  const over = new AbortController();
  const population = await createPopulation(stack, testDatabaseEndpoint(), {
    count,
    run: randomUUID(),
  });
  const running = runLoad({
    ...population,
    stack,
    minutes: 1,
    concurrency: AT_ONCE,
    seed: "test",
    mix: EVEN,
    errors: new LoadErrors(),
    databaseRss: () => Promise.resolve(undefined),
    onProgress: () => undefined,
    signal: over.signal,
  });
  try {
    await meanwhile(population.users);
  } finally {
    over.abort();
  }
  return running;
}

/** The first session there is to know of one kind. */
async function some<T>(users: readonly KnownUser[], kind: (user: KnownUser) => readonly T[]): Promise<T> {
  return vi.waitFor(
    () => {
      const [first] = users.flatMap(kind);
      if (first === undefined) throw new Error("there is none yet");
      return first;
    },
    { timeout: 50_000, interval: 5 },
  );
}

const table = (): string => stack.tables["SessionsTableName"] ?? "";
const keyOf = ({ id }: { readonly id: string }) => sessionKey(id);

test("a load on the stack finds every answer explained, and measures all of its threads", async () => {
  const { errors, operations, samples, finalCheck } = await loadDuring(async (users) => {
    await some(users, ({ ended }) => ended);
    await some(users, ({ live, limit }) => (limit > 1 && live.length > 1 ? live : []));
  });
  expect(errors).toEqual([]);
  expect(logged).toEqual([]);
  expect(operations.map(({ name }) => name)).toEqual(expect.arrayContaining(["validate", "login (trusted)"]));
  expect(finalCheck.ended).toBeGreaterThan(0);
  const last = samples.at(-1);
  expect(last?.threads).toBeGreaterThan(1);
  for (const bytes of [last?.mainHeapBytes, last?.workerHeapBytes]) expect(bytes).toBeGreaterThan(1_000_000);
  expect(last?.activeResources).toBeGreaterThan(Number(last?.threads));
});

test("sessions that are gone from the table fail the load, whichever operation comes upon them first", async () => {
  // Half of the users have one session at most. With so many, more of them than operations are signed in at
  // nearly any time.
  const { errors } = await loadDuring(
    async (users) => {
      // Of more users than have an operation under way, which might be just about to end theirs; of those
      // with one session, for a logout by a session that is gone is quiet and ends no other, which the load
      // would take for a ghost.
      const sessions = await vi.waitFor(
        () => {
          const one = users.filter(({ limit }) => limit === 1).flatMap(({ live }) => live.slice(0, 1));
          if (one.length <= AT_ONCE) throw new Error(`only ${one.length} users have a session`);
          return one;
        },
        { timeout: 50_000, interval: 5 },
      );
      for (const session of sessions) {
        await testClient().send(new DeleteCommand({ TableName: table(), Key: keyOf(session) }));
      }
    },
    { users: 40 },
  );
  expect(errors).not.toEqual([]);
  for (const { kind } of errors) expect([LOST_SESSION, UNEXPECTED, WRONG_REASON]).toContain(kind);
});

test("a session that is there again after its end fails the load, and so does one that forgot why it ended", async () => {
  const { errors } = await loadDuring(async (users) => {
    const documents = testClient();
    const ended = await some(users, (user) => user.ended);
    const live = await some(users, (user) => user.live);
    const { Item } = await documents.send(new GetCommand({ TableName: table(), Key: keyOf(live) }));
    await documents.send(new PutCommand({ TableName: table(), Item: { ...Item, ...keyOf(ended) } }));

    const other = await some(users, (user) => user.ended.filter(({ id }) => id !== ended.id));
    const Key = endingKey(other.id);
    await documents.send(new DeleteCommand({ TableName: table(), Key }));
  });
  expect(errors).not.toEqual([]);
  for (const { kind } of errors) expect([GHOST, UNEXPECTED, WRONG_REASON, LOST_SESSION]).toContain(kind);
});
