import { rm } from "node:fs/promises";
import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from "vitest";
import { ALARM_NAMES, type AlarmName } from "../../infra/monitor/alarms.ts";
import { QUERIES, type QueryName } from "../../infra/monitor/queries.ts";
import type { MetricName } from "../../src/runtime/function-settings.ts";
import { propertiesOf, tweakedAssembly } from "../local/tweaked-assembly.ts";
import { testClient } from "../support/dynamodb.ts";
import { startDynamoDbProxy, throttled, type DynamoDbProxy, type Fault } from "../support/dynamodb-proxy.ts";
import { addDemoUsers, CHROME_ON_WINDOWS, FIREFOX_ON_MACOS, HttpClient } from "../support/http-client.ts";
import { startTestStack, synthesizeOnce, type TestStack } from "../support/local-stack.ts";
import { ask, valueAt } from "../support/logs-insights.ts";

/**
 * Breaks the stack in the way that each page of `docs/operate/alarms/` is about, and looks for what the page
 * names: the metric of the alarm, and the lines that its queries find.
 */

const MINUTE = 60_000;

let proxy: DynamoDbProxy;
let stack: TestStack;
let folder: string;

beforeAll(async () => {
  proxy = await startDynamoDbProxy(inject("dynamoDbEndpoint"));
  // Time runs short within seconds, where a logout has to be left undone.
  const isAdminLogout = { Description: "Single session: admin-logout" };
  folder = await tweakedAssembly(
    await synthesizeOnce(),
    (template) => void (propertiesOf(template, "AWS::Lambda::Function", isAdminLogout)["Timeout"] = 3),
    "SingleSession",
  );
  stack = await startTestStack({ databaseEndpoint: proxy.endpoint, synthesizedFolder: folder });
  await addDemoUsers(stack);
});
afterAll(async () => {
  await stack.stop();
  await proxy.stop();
  await rm(folder, { recursive: true });
});
afterEach(() => proxy.interfere(() => undefined));

const tried = new Set<AlarmName>();
/** The fields that a query names, and those of them that some line had. */
const named = new Map<QueryName, Set<string>>();
const seen = new Map<QueryName, Set<string>>();

interface Outcome {
  readonly alarm: AlarmName;
  /** What the alarm counts, where it is a metric of ours. */
  readonly metrics?: Readonly<Partial<Record<MetricName, number>>>;
  readonly queries: readonly QueryName[];
}

/** Expects what pages say of the lines that were written since. */
function expectPages(lines: readonly string[], outcomes: readonly Outcome[]): void {
  const counts = countsIn(lines);
  for (const { alarm, metrics = {}, queries } of outcomes) {
    tried.add(alarm);
    expect(counts, alarm).toMatchObject(metrics);
    for (const query of queries) {
      const { lines: found, fields } = ask(QUERIES[query], lines);
      expect(found.length, `${query} of ${alarm}`).toBeGreaterThan(0);
      const had = fields.filter((field) => found.some((line) => valueAt(line, field) !== undefined));
      named.set(query, new Set(fields));
      seen.set(query, new Set([...(seen.get(query) ?? []), ...had]));
    }
  }
}

/** What was counted, by metric: lines of the embedded metric format. */
function countsIn(lines: readonly string[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const line of lines.filter((text) => text.includes('"_aws"'))) {
    for (const [name, value] of Object.entries(JSON.parse(line) as Record<string, unknown>))
      if (typeof value === "number") sums[name] = (sums[name] ?? 0) + value;
  }
  return sums;
}

/** The lines that a stack wrote while something was done. */
async function linesOf(of: TestStack, action: () => Promise<unknown>): Promise<string[]> {
  const before = of.logLines.length;
  await action();
  // A thread's output comes by itself, a moment after its answer.
  await expect.poll(() => of.logLines.length).toBeGreaterThan(before);
  await new Promise((resolve) => setTimeout(resolve, 50));
  return of.logLines.slice(before).map(({ line }) => line);
}

const refused = (type: string): Fault => ({
  fault: "error",
  type: `com.amazonaws.dynamodb.v20120810#${type}`,
});

async function signedIn(name: string, userAgent?: string): Promise<HttpClient> {
  const client = new HttpClient(stack.url, userAgent);
  expect((await client.login(name)).status).toBe(201);
  return client;
}

test("the database is unreachable: validations fail, and the authorizer's function with them", async () => {
  const client = await signedIn("alice");
  proxy.interfere(() => ({ fault: "drop-request" }));
  const lines = await linesOf(stack, async () => {
    expect((await client.session()).status).toBe(503);
    const cookie = `__Host-session=${client.cookie()}`;
    const event = {
      version: "2.0",
      rawPath: "/reports",
      headers: { cookie },
      requestContext: { http: { method: "GET" } },
    };
    // Thrown, and so an error to Lambda, as its page says.
    expect(await stack.invoke("authorize", event)).toMatchObject({ outcome: "fault" });
  });
  expectPages(lines, [
    { alarm: "unavailable", metrics: { Unavailable: 2 }, queries: ["unavailable"] },
    { alarm: "api-errors", queries: ["faults-by-kind"] },
    { alarm: "slo-validations", metrics: { ValidationsFailed: 1 }, queries: ["failed-validations"] },
    { alarm: "function-errors", queries: ["faults"] },
  ]);
});

test("DynamoDB throttles: the cause says so", async () => {
  const client = await signedIn("alice");
  proxy.interfere(() => throttled);
  const lines = await linesOf(stack, async () => expect((await client.session()).status).toBe(503));
  expectPages(lines, [{ alarm: "database-throttled", queries: ["unavailable"] }]);
  const causes = ask(QUERIES.unavailable, lines).lines.map((line) => valueAt(line, "fault.cause.name"));
  expect(causes).toEqual(["ProvisionedThroughputExceededException"]);
});

test("a role lacks a permission: a fault, not an outage", async () => {
  const client = await signedIn("alice");
  proxy.interfere(() => refused("AccessDeniedException"));
  const lines = await linesOf(stack, async () => expect((await client.session()).status).toBe(500));
  expectPages(lines, [{ alarm: "faults", metrics: { Faults: 1 }, queries: ["faults-by-kind", "faults"] }]);
});

test("activity cannot be recorded: the call is answered all the same", async () => {
  const client = new HttpClient(stack.url);
  const { body } = (await client.login("alice")) as { body: { session: { id: string } } };
  await testClient().send(
    new UpdateCommand({
      TableName: stack.tables["SessionsTableName"],
      Key: { pk: `session#${body.session.id}` },
      UpdateExpression: "SET lastSeenAt = :before",
      ExpressionAttributeValues: { ":before": Date.now() - 4 * MINUTE },
    }),
  );
  proxy.interfere(({ operation }) =>
    operation === "UpdateItem" ? refused("AccessDeniedException") : undefined,
  );
  const lines = await linesOf(stack, async () => expect((await client.session()).status).toBe(200));
  expectPages(lines, [
    { alarm: "touches-failed", metrics: { TouchesFailed: 1 }, queries: ["failed-touches"] },
  ]);
});

test("somebody guesses: first 401, then 429", async () => {
  const guesser = new HttpClient(stack.url);
  const lines = await linesOf(stack, async () => {
    const statuses = new Set<number>();
    for (let attempt = 0; attempt < 30 && !statuses.has(429); attempt++)
      statuses.add((await guesser.login("bob", { password: `guess ${attempt}` })).status);
    expect([...statuses]).toEqual([401, 429]);
  });
  expectPages(lines, [{ alarm: "guessing", metrics: { Throttled: 1 }, queries: ["failed-logins"] }]);
  expect(countsIn(lines)["FailedLogins"]).toBeGreaterThan(1);
});

test("two devices displace each other again and again", async () => {
  const devices = [CHROME_ON_WINDOWS, FIREFOX_ON_MACOS].map((agent) => new HttpClient(stack.url, agent));
  const lines = await linesOf(stack, async () => {
    for (let turn = 0; turn < 8; turn++) expect((await devices[turn % 2]!.login("alice")).status).toBe(201);
  });
  expectPages(lines, [
    { alarm: "contention", metrics: { SessionContention: 1 }, queries: ["shared-accounts"] },
  ]);
});

test("an event of a revocation is wrong: it is thrown, and its audit line says refused", async () => {
  const event = { source: "hr", "detail-type": "user.left", detail: { userIds: "alice" } };
  const lines = await linesOf(stack, async () =>
    expect(await stack.invoke("admin-logout", event)).toMatchObject({ outcome: "fault" }),
  );
  expectPages(lines, [
    { alarm: "revocations-lost", metrics: { RevocationsRefused: 1 }, queries: ["revocations"] },
  ]);
  expect(ask(QUERIES.revocations, lines).lines).toMatchObject([{ audit: { outcome: "refused" } }]);
});

test("an administrators' logout runs out of time: the audit lines name whom it left", async () => {
  await signedIn("alice");
  proxy.interfere(({ operation }) => (operation.includes("Write") ? throttled : undefined));
  const lines = await linesOf(stack, async () =>
    expect(await stack.invoke("admin-logout", { userIds: ["alice"] })).toMatchObject({
      answer: { unfinished: ["alice"] },
    }),
  );
  const outcome = {
    metrics: { RevocationsUnfinished: 1 },
    queries: ["revocations", "unfinished-users"],
  } as const;
  expectPages(lines, [
    { alarm: "revocations-unfinished", ...outcome },
    { alarm: "slo-revocations", ...outcome },
  ]);
});

test("a function does not load: there is Lambda's line, and nothing of ours", async () => {
  const broken = await startTestStack({ synthesizedFolder: folder, environment: { SESSIONS_TABLE: "" } });
  try {
    const lines = await linesOf(broken, async () =>
      expect((await new HttpClient(broken.url).session()).status).toBe(500),
    );
    expect(countsIn(lines)).toEqual({});
    expectPages(lines, [{ alarm: "function-errors", queries: ["lambda-errors"] }]);
    expect(ask(QUERIES["faults-by-kind"], lines).lines).toEqual([]);
  } finally {
    await broken.stop();
  }
});

test("the policy function fails: nobody gets in, and the cause is in the line", async () => {
  const broken = await startTestStack({
    context: { singleUserSession: "./test/support/policies.ts#broken" },
  });
  try {
    await addDemoUsers(broken);
    const lines = await linesOf(broken, async () =>
      expect((await new HttpClient(broken.url).login("alice")).status).toBe(500),
    );
    expectPages(lines, [
      { alarm: "policy-faults", metrics: { PolicyFaults: 1, Faults: 1 }, queries: ["policy-faults"] },
    ]);
    expect(ask(QUERIES["policy-faults"], lines).lines).toMatchObject([
      { fault: { cause: { message: "no such licence" } } },
    ]);
  } finally {
    await broken.stop();
  }
});

describe("after the game day", () => {
  /** Lambda refuses these by itself: no line of ours tells of it, and the page names none. */
  const NOT_HERE: readonly AlarmName[] = ["function-throttles"];

  test("each page was tried", () => {
    expect([...tried, ...NOT_HERE].sort()).toEqual([...ALARM_NAMES].sort());
  });

  test("each query found lines, with a value for every field that it names", () => {
    expect([...named.keys()].sort()).toEqual(Object.keys(QUERIES).sort());
    for (const [query, fields] of named)
      expect([...(seen.get(query) ?? [])].sort(), query).toEqual([...fields].sort());
  });
});
