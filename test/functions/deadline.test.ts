import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { Context } from "aws-lambda";
import { lambdaContext } from "../http/events.ts";
import { testDatabaseEndpoint } from "../support/database-endpoint.ts";
import { testClient } from "../support/dynamodb.ts";
import { startDynamoDbProxy, throttled, type DynamoDbProxy, type Fault } from "../support/dynamodb-proxy.ts";
import { addUsers, bearer, startFunctions, type Functions } from "./harness.ts";

let proxy: DynamoDbProxy;
let functions: Functions;
let bob: string;
beforeAll(async () => {
  proxy = await startDynamoDbProxy(testDatabaseEndpoint());
  // Three tries of 3 s each, as the functions have them: a database that is silent must not use up more than
  // there is.
  const documents = testClient({ endpoint: proxy.endpoint, tries: 3, requestTimeout: 3000 });
  functions = await startFunctions({ documents });
  await addUsers(functions.directory, { bob: {}, admin: { isAdmin: true } });
});
afterAll(async () => {
  vi.restoreAllMocks();
  await proxy.stop();
});
beforeEach(async () => {
  bob = await functions.logIn("bob");
  functions.recorded.clear();
});
afterEach(() => proxy.interfere(() => undefined));

/** An invocation that Lambda ends after so many milliseconds, counted from its beginning. */
function ending(afterMs: number): { readonly context: Context; readonly left: () => number } {
  const startedAt = performance.now();
  const left = (): number => afterMs - (performance.now() - startedAt);
  return { context: { ...lambdaContext(), getRemainingTimeInMillis: left }, left };
}

function faulty(operations: readonly string[], fault: Fault | "silence"): void {
  proxy.interfere(({ operation }) => {
    if (!operations.includes(operation)) return undefined;
    return fault === "silence" ? new Promise(() => undefined) : fault;
  });
}

const WRITES = ["BatchWriteItem", "TransactWriteItems", "UpdateItem", "PutItem"];
const READS = ["BatchGetItem", "GetItem", "TransactGetItems", "Query"];
const UNPROCESSED: Fault = { fault: "unprocessed", leaves: () => true };
const audits = (): unknown[] => functions.recorded.lines("audit").map(({ audit }) => audit);

describe("an administrators' logout that Lambda is about to end", () => {
  test.each<[string, Fault | "silence"]>([
    ["throttled", throttled],
    ["left unprocessed", UNPROCESSED],
    ["not answered", "silence"],
  ])(
    "with writes that are %s answers in time, with everybody as unfinished, and audits it",
    async (_, fault) => {
      faulty(WRITES, fault);
      const { context, left } = ending(2600);
      expect(await functions.invoke("admin-logout", { userIds: ["bob"] }, context)).toEqual({
        loggedOut: [],
        skipped: [],
        unfinished: ["bob"],
      });
      expect(left()).toBeGreaterThan(0);
      expect(audits()).toMatchObject([
        { phase: "begun" },
        { action: "admin_logout_targets" },
        { action: "admin_logout_unfinished", userIds: ["bob"] },
        { phase: "ended", outcome: "unfinished" },
      ]);
    },
  );

  test.each<[string, Fault | "silence"]>([
    ["throttled", throttled],
    ["left unprocessed", UNPROCESSED],
    ["not answered", "silence"],
  ])("with reads that are %s throws in time, and audits that it failed", async (_, fault) => {
    faulty(READS, fault);
    const { context, left } = ending(1200);
    await expect(functions.invoke("admin-logout", { userIds: ["bob"] }, context)).rejects.toMatchObject({
      name: "StoreUnavailableError",
      effect: "none",
    });
    expect(left()).toBeGreaterThan(0);
    expect(audits()).toMatchObject([
      { phase: "begun" },
      { action: "admin_logout_targets" },
      { phase: "ended", outcome: "failed" },
    ]);
  });
});

describe("a call of a person that Lambda is about to end", () => {
  const calls: readonly [string, string, () => object][] = [
    ["validate", "GET /session", () => bearer(bob)],
    ["logout", "POST /logout", () => bearer(bob)],
    ["ending the others", "DELETE /sessions", () => bearer(bob)],
    [
      "login",
      "POST /login",
      () => ({
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ username: "bob", password: "local-demo-only" }),
      }),
    ],
  ];

  test.each(calls)("%s answers 503 in time where reads are not answered", async (_, route, sent) => {
    const { context, left } = ending(1200);
    const parts = sent();
    faulty(READS, "silence");
    const answer = await functions.send(route, { ...parts }, context);
    expect(answer).toMatchObject({ status: 503, body: { code: "unavailable" } });
    expect(left()).toBeGreaterThan(0);
  });

  test.each(calls.slice(1))("%s answers 503 in time where writes are throttled", async (_, route, sent) => {
    const parts = sent();
    // The login's count of attempts is a write of its own, and comes before.
    faulty(["TransactWriteItems"], throttled);
    const { context, left } = ending(1500);
    const answer = await functions.send(route, { ...parts }, context);
    expect(answer).toMatchObject({ status: 503, body: { code: "unavailable" } });
    expect(left()).toBeGreaterThan(0);
  });
});
