import { DeleteCommand, GetCommand, PutCommand, QueryCommand, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { BatchGetCommand, BatchWriteCommand, TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { DocumentClient } from "../../src/dynamodb/document-client.ts";
import { testDatabaseEndpoint } from "./database-endpoint.ts";
import { createSessionsTable, testClient } from "./dynamodb.ts";
import { startDynamoDbProxy, type DynamoDbProxy, type PassingRequest } from "./dynamodb-proxy.ts";
import { createFaultPlan, type FaultKind, type FaultPlan } from "./fault-plan.ts";
import { IndexLag } from "./index-lag.ts";
import { TtlAgent } from "./ttl-agent.ts";

const GIVES_UP_AFTER_MS = 400;

let tableName: string;
let proxy: DynamoDbProxy;
let throughProxy: DocumentClient;
const direct = testClient();
const agent = new TtlAgent(direct);
/** A clock for lagging indexes that a test moves. */
let now = 0;
let lag: IndexLag;

beforeAll(async () => {
  tableName = await createSessionsTable();
});
beforeEach(async () => {
  lag = new IndexLag(() => now);
  proxy = await startDynamoDbProxy(testDatabaseEndpoint(), {
    arrived: (request) => agent.notePassing(request),
    over: (request, carriedOut) => {
      if (carriedOut !== undefined) lag.noteCarriedOut(request, carriedOut);
    },
  });
  throughProxy = testClient({ endpoint: proxy.endpoint, tries: 1 });
});
afterEach(() => proxy.stop());

/** Every request that can meet the fault meets it. */
function always(kind: FaultKind, seed = "seed"): FaultPlan {
  const plan = createFaultPlan({
    seed,
    rates: { [kind]: 1 },
    longestDelayMs: 20,
    givesUpAfterMs: GIVES_UP_AFTER_MS,
    indexes: { lag, longestMs: 10_000 },
  });
  proxy.interfere(plan.interfere);
  return plan;
}

let keys = 0;
const fresh = (): { readonly pk: string } => ({ pk: `session#${keys++}` });
const put = (key: object) => throughProxy.send(new PutCommand({ TableName: tableName, Item: { ...key } }));
const transact = (...items: object[]) =>
  throughProxy.send(
    new TransactWriteCommand({
      TransactItems: items.map((Item) => ({ Put: { TableName: tableName, Item } })),
      ClientRequestToken: `token-${keys++}`,
    }),
  );
async function exists(key: { readonly pk: string }): Promise<boolean> {
  const input = { TableName: tableName, Key: key, ConsistentRead: true };
  return (await direct.send(new GetCommand(input))).Item !== undefined;
}

describe("a write", () => {
  test.each<[FaultKind, boolean]>([
    ["drop-request", false],
    ["drop-answer", true],
    ["break-answer", true],
    ["throttled", false],
    ["conflict", false],
    ["server-error", false],
    ["server-error-after-effect", true],
  ])("that meets %s fails, and took effect: %s", async (kind, tookEffect) => {
    const plan = always(kind);
    const key = fresh();
    await expect(put(key)).rejects.toThrow();
    expect(await exists(key)).toBe(tookEffect);
    expect(plan.injected[kind]).toBe(1);
  });

  test("that is late takes effect after its client has given up", async () => {
    always("late");
    throughProxy = testClient({
      endpoint: proxy.endpoint,
      tries: 1,
      requestTimeout: GIVES_UP_AFTER_MS,
    });
    const key = fresh();
    await expect(put(key)).rejects.toMatchObject({ name: "TimeoutError" });
    expect(await exists(key)).toBe(false);
    await expect.poll(() => exists(key)).toBe(true);
  });

  test("that is delayed succeeds", async () => {
    const plan = always("delay");
    const key = fresh();
    await put(key);
    expect(await exists(key)).toBe(true);
    expect(plan.injected.delay).toBe(1);
  });
});

describe("a transaction", () => {
  test("that meets a conflict is cancelled with a reason for each action", async () => {
    always("conflict");
    const [first, second] = [fresh(), fresh()];
    const error = await transact(first, second).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: "TransactionCanceledException" });
    const codes = (error as { CancellationReasons: { Code: string }[] }).CancellationReasons.map(
      ({ Code }) => Code,
    );
    expect(codes.toSorted()).toEqual(["None", "TransactionConflict"]);
    expect(await exists(first)).toBe(false);
  });

  test("whose request token is being worked on is refused", async () => {
    always("in-progress");
    await expect(transact(fresh())).rejects.toMatchObject({ name: "TransactionInProgressException" });
  });

  test("that is delivered twice is carried out once, and answered once", async () => {
    always("deliver-twice");
    const key = fresh();
    await transact({ ...key, by: "first" });
    await direct.send(new DeleteCommand({ TableName: tableName, Key: key }));
    await expect.poll(() => proxy.answered.map(({ status }) => status)).toEqual([200, 200]);
    expect(await exists(key)).toBe(false);
  });
});

describe("a batch", () => {
  const batch = () => Array.from({ length: 20 }, fresh);

  test("of writes has entries unprocessed, which are not carried out: some of them and all of them", async () => {
    always("unprocessed");
    const shares = new Set<string>();
    for (let round = 0; round < 12; round++) {
      const entries = batch();
      const answer = await throughProxy.send(
        new BatchWriteCommand({
          RequestItems: { [tableName]: entries.map((Item) => ({ PutRequest: { Item } })) },
        }),
      );
      const left = new Set(
        (answer.UnprocessedItems?.[tableName] ?? []).map(({ PutRequest }) =>
          String(PutRequest?.Item?.["pk"]),
        ),
      );
      for (const key of entries.filter((_, index) => index % 7 === 0)) {
        expect(await exists(key)).toBe(!left.has(key.pk));
      }
      shares.add(left.size === entries.length ? "all" : left.size > 0 ? "some" : "none");
    }
    expect([...shares]).toEqual(expect.arrayContaining(["all", "some"]));
  });

  test("of reads has keys unprocessed, which are not answered", async () => {
    const entries = batch();
    for (const key of entries) await put(key);
    always("unprocessed");
    const answer = await throughProxy.send(
      new BatchGetCommand({ RequestItems: { [tableName]: { Keys: entries, ConsistentRead: true } } }),
    );
    const found = (answer.Responses?.[tableName] ?? []).map((item) => item["pk"] as string);
    const left = (answer.UnprocessedKeys?.[tableName]?.Keys ?? []).map((key) => key["pk"] as string);
    expect(left.length).toBeGreaterThan(0);
    expect([...found, ...left].toSorted()).toEqual(entries.map(({ pk }) => pk).toSorted());
  });
});

describe("an index that lags", () => {
  const userId = "alice";
  const listed = async (): Promise<unknown[]> => {
    const answer = await throughProxy.send(
      new QueryCommand({
        TableName: tableName,
        IndexName: "byUser",
        KeyConditionExpression: "userId = :user",
        ExpressionAttributeValues: { ":user": userId },
      }),
    );
    return (answer.Items ?? []).map((item) => item["pk"] as unknown);
  };

  test("answers with what the table was, until the lag has passed", async () => {
    const [old, young] = [fresh(), fresh()];
    await put({ ...old, userId, createdAt: 1 });
    now += 20_000;
    proxy.interfere((request) => lag.faultFor(request, 10_000));
    await put({ ...young, userId, createdAt: 2 });
    await throughProxy.send(new DeleteCommand({ TableName: tableName, Key: old }));
    expect(await listed()).toEqual([old.pk]);
    now += 20_000;
    expect(await listed()).toEqual([young.pk]);
    const { Items } = await throughProxy.send(new ScanCommand({ TableName: tableName, IndexName: "byUser" }));
    expect(Items).toHaveLength(1);
  });

  test("is a plan's fault of queries, and of nothing else", async () => {
    const plan = always("index-lag");
    await put(fresh());
    await listed();
    expect(plan.injected["index-lag"]).toBe(1);
  });
});

describe("TTL that works at once", () => {
  test("deletes what has expired by the time given, and nothing that was renewed", async () => {
    const [expired, renewed, lasting] = [fresh(), fresh(), fresh()];
    await put({ ...expired, ttl: 1000 });
    await put({ ...renewed, ttl: 1000 });
    await put({ ...lasting, ttl: 5000 });
    await put({ ...renewed, ttl: 5000 });
    await agent.sweep(1_001_000);
    expect(await Promise.all([expired, renewed, lasting].map(exists))).toEqual([false, true, true]);
    await agent.sweep(5_001_000);
    expect(await Promise.all([renewed, lasting].map(exists))).toEqual([false, false]);
    expect(agent.deleted).toBe(3);
  });
});

describe("a seed", () => {
  const request = (operation: string): PassingRequest => ({ operation, body: { ClientRequestToken: "t" } });
  const faultsOf = async (seed: string, operations: readonly string[]): Promise<unknown[]> => {
    const rates = { throttled: 0.3, "drop-answer": 0.3 };
    const plan = createFaultPlan({ seed, rates, longestDelayMs: 0, givesUpAfterMs: 0 });
    const faults: unknown[] = [];
    for (const operation of operations) faults.push(await plan.interfere(request(operation)));
    return faults;
  };
  const forty = (operation: string): string[] => Array<string>(40).fill(operation);

  test("gives the n-th request of an operation the same fault, whatever came between", async () => {
    const alone = await faultsOf("one", forty("GetItem"));
    const mixed = await faultsOf(
      "one",
      forty("GetItem").flatMap((operation) => [operation, "PutItem"]),
    );
    expect(mixed.filter((_, index) => index % 2 === 0)).toEqual(alone);
  });

  test("gives other faults than another seed", async () => {
    expect(await faultsOf("one", forty("GetItem"))).not.toEqual(await faultsOf("two", forty("GetItem")));
  });
});
