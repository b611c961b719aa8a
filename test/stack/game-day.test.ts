import { rm } from "node:fs/promises";
import { marshall } from "@aws-sdk/util-dynamodb";
import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { ALARM_NAMES, type AlarmName } from "../../infra/monitor/alarms.ts";
import { THROTTLED } from "../../local/lambda/function-runner.ts";
import { QUERIES, type QueryName } from "../../infra/monitor/queries.ts";
import type { MetricName } from "../../src/runtime/function-settings.ts";
import { tweakedAssembly } from "../local/tweaked-assembly.ts";
import { breakTemplate, disableMappings } from "../support/broken-templates.ts";
import { testDatabaseEndpoint } from "../support/database-endpoint.ts";
import { startFakeTargets, type FakeTargets } from "../support/fake-targets.ts";
import { testClient } from "../support/dynamodb.ts";
import { startDynamoDbProxy, throttled, type DynamoDbProxy, type Fault } from "../support/dynamodb-proxy.ts";
import { addDemoUsers, CHROME_ON_WINDOWS, FIREFOX_ON_MACOS, HttpClient } from "../support/http-client.ts";
import { startTestStack, synthesizeOnce, type TestStack } from "../support/local-stack.ts";
import { countsIn, linesIn, linesOf, type Lines } from "../support/log-lines.ts";
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
  proxy = await startDynamoDbProxy(testDatabaseEndpoint());
  folder = await tweakedAssembly(await synthesizeOnce(), breakTemplate, "SingleSession");
  stack = await startTestStack({ databaseEndpoint: proxy.endpoint, synthesizedFolder: folder });
  await addDemoUsers(stack);
});
afterAll(async () => {
  await stack.stop();
  await proxy.stop();
  await rm(folder, { recursive: true });
});
afterEach(() => proxy.interfere(() => undefined));

const PATIENCE = { timeout: 60_000 };

const tried = new Set<AlarmName>();
/** The fields that a query names, and those of them that some line had. */
const named = new Map<QueryName, Set<string>>();
const seen = new Map<QueryName, Set<string>>();

interface Outcome {
  readonly alarm: AlarmName;
  /** What the alarm counts, where it is a metric of ours. */
  readonly metrics?: Readonly<Partial<Record<MetricName, unknown>>>;
  readonly queries: readonly QueryName[];
}

/** Expects what pages say of the lines that were written since. */
async function expectPages(lines: Lines, outcomes: readonly Outcome[]): Promise<void> {
  for (const { alarm, metrics = {}, queries } of outcomes) {
    tried.add(alarm);
    await expect.poll(() => countsIn(lines()), { message: alarm, ...PATIENCE }).toMatchObject(metrics);
    for (const query of queries) {
      const found = () => ask(QUERIES[query], lines());
      await expect.poll(() => found().lines.length, { message: query, ...PATIENCE }).toBeGreaterThan(0);
      const { lines: some, fields } = found();
      const had = fields.filter((field) => some.some((line) => valueAt(line, field) !== undefined));
      named.set(query, new Set(fields));
      seen.set(query, new Set([...(seen.get(query) ?? []), ...had]));
    }
  }
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
  await expectPages(lines, [
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
  await expectPages(lines, [{ alarm: "database-throttled", queries: ["unavailable"] }]);
  const causes = ask(QUERIES.unavailable, lines()).lines.map((line) => valueAt(line, "fault.cause.name"));
  expect(causes).toEqual(["ProvisionedThroughputExceededException"]);
});

test("a role lacks a permission: a fault, not an outage", async () => {
  const client = await signedIn("alice");
  proxy.interfere(() => refused("AccessDeniedException"));
  const lines = await linesOf(stack, async () => expect((await client.session()).status).toBe(500));
  await expectPages(lines, [
    { alarm: "faults", metrics: { Faults: 1 }, queries: ["faults-by-kind", "faults"] },
  ]);
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
  await expectPages(lines, [
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
  await expectPages(lines, [{ alarm: "guessing", metrics: { Throttled: 1 }, queries: ["failed-logins"] }]);
  expect(countsIn(lines())["FailedLogins"]).toBeGreaterThan(1);
});

test("two devices displace each other again and again", async () => {
  const devices = [CHROME_ON_WINDOWS, FIREFOX_ON_MACOS].map((agent) => new HttpClient(stack.url, agent));
  const lines = await linesOf(stack, async () => {
    for (let turn = 0; turn < 8; turn++) expect((await devices[turn % 2]!.login("alice")).status).toBe(201);
  });
  await expectPages(lines, [
    { alarm: "contention", metrics: { SessionContention: 1 }, queries: ["shared-accounts"] },
  ]);
});

test("an event of a revocation is wrong: it is thrown, and its audit line says refused", async () => {
  const event = { source: "hr", "detail-type": "user.left", detail: { userIds: "alice" } };
  const lines = await linesOf(stack, async () =>
    expect(await stack.invoke("admin-logout", event)).toMatchObject({ outcome: "fault" }),
  );
  await expectPages(lines, [
    { alarm: "revocations-lost", metrics: { RevocationsRefused: 1 }, queries: ["revocations"] },
  ]);
  expect(ask(QUERIES.revocations, lines()).lines).toMatchObject([{ audit: { outcome: "refused" } }]);
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
  await expectPages(lines, [
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
    await expectPages(lines, [{ alarm: "function-errors", queries: ["lambda-errors"] }]);
    expect(countsIn(lines())).toEqual({});
    expect(ask(QUERIES["faults-by-kind"], lines()).lines).toEqual([]);
  } finally {
    await broken.stop();
  }
});

test("Lambda refuses to run a function: callers get a 500, and no line tells of it", async () => {
  const client = await signedIn("staff");
  const lines = await linesOf(stack, async () => {
    expect((await client.call("DELETE", "/sessions")).status).toBe(500);
    expect(await stack.invoke("end-session", { sessionId: "A".repeat(43) })).toEqual(THROTTLED);
    await signedIn("admin");
  });
  await expectPages(lines, [{ alarm: "function-throttles", queries: [] }]);
  // Other functions run, and their lines come.
  await expect.poll(() => lines().length, PATIENCE).toBeGreaterThan(0);
  expect(linesIn(stack, (functionName) => functionName === "end-session")()).toEqual([]);
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
    await expectPages(lines, [
      { alarm: "policy-faults", metrics: { PolicyFaults: 1, Faults: 1 }, queries: ["policy-faults"] },
    ]);
    expect(ask(QUERIES["policy-faults"], lines()).lines).toMatchObject([
      { fault: { cause: { message: "no such licence" } } },
    ]);
  } finally {
    await broken.stop();
  }
});

describe("the outbox", () => {
  let targets: FakeTargets;
  let told: TestStack;
  const linesOfOutbox: Lines = () => linesIn(told, (functionName) => functionName === "outbox")();
  const some = expect.any(Number) as unknown;

  beforeAll(async () => {
    targets = await startFakeTargets();
    const environment = {
      AWS_ENDPOINT_URL_EVENTBRIDGE: targets.url,
      AWS_ENDPOINT_URL_SQS: targets.url,
      UNTOLD_EVENTS_QUEUE: targets.queueUrl,
    };
    told = await startTestStack({ synthesizedFolder: folder, environment });
    await addDemoUsers(told);
  });
  afterAll(async () => {
    await told.stop();
    await targets.stop();
  });

  test("the bus refuses events, and push hints: both say why, and the events wait in the queue", async () => {
    targets.behave({ bus: () => "NotAuthorizedForSourceException" });
    const client = new HttpClient(told.url);
    await client.login("alice");
    await client.logout();
    await expectPages(linesOfOutbox, [
      { alarm: "events-untold", metrics: { EventsUntold: 2 }, queries: ["outbox-problems"] },
      { alarm: "hints-failed", metrics: { HintsFailed: 1 }, queries: ["outbox-problems"] },
      { alarm: "outbox-behind", queries: ["outbox-calls", "outbox-problems"] },
    ]);
    expect(targets.messages.size).toBe(2);
  });

  test("the queue refuses them too, of a change that is nearly a day old: dropped, and perhaps lost", async () => {
    targets.behave({ bus: () => "InternalFailure", queue: () => "AccessDenied" });
    const at = Date.now() - 23.5 * 60 * MINUTE;
    const session = {
      ...{ userId: "alice", identitySource: "passwords", era: "1" },
      device: { label: "Chrome on Windows", class: "desktop" },
      ...{ createdAt: at, lastSeenAt: at, idleExpiresAt: at + 30 * MINUTE, expiresAt: at + 720 * MINUTE },
    };
    const dynamodb = {
      Keys: marshall({ pk: `session#${"A".repeat(43)}` }),
      NewImage: marshall(session),
      ...{ SequenceNumber: "1", ApproximateCreationDateTime: Math.floor(at / 1000) },
    };
    const before = linesOfOutbox().length;
    expect(await told.invoke("outbox", { Records: [{ eventName: "INSERT", dynamodb }] })).toMatchObject({
      answer: { batchItemFailures: [{ itemIdentifier: "1" }] },
    });
    const lines = () => linesOfOutbox().slice(before);
    await expectPages(lines, [
      { alarm: "events-dropped", metrics: { EventsDropped: some }, queries: ["outbox-problems"] },
      { alarm: "events-lost", metrics: { EventsLost: 1 }, queries: ["outbox-calls"] },
    ]);
  });
});

test("nobody reads the table's stream: nothing is told, and all of it once the mapping is enabled", async () => {
  const asItComes = await synthesizeOnce();
  const disabled = await tweakedAssembly(asItComes, disableMappings, "SingleSession");
  const silent = await startTestStack({ synthesizedFolder: disabled });
  try {
    await addDemoUsers(silent);
    const client = new HttpClient(silent.url);
    expect((await client.login("alice")).status).toBe(201);
    expect((await client.logout()).status).toBe(204);
    const lines = linesIn(silent, (functionName) => functionName === "outbox");
    expect([silent.tellsChanges, lines(), silent.events]).toEqual([false, [], []]);
    await silent.reload(asItComes);
    await expectPages(lines, [{ alarm: "outbox-silent", queries: ["outbox-calls"] }]);
    const told = () => silent.events.map((event) => event["detail-type"]);
    await expect.poll(told, PATIENCE).toEqual(["Session Started", "Session Ended"]);
  } finally {
    await silent.stop();
    await rm(disabled, { recursive: true });
  }
});

describe("after the game day", () => {
  test("each page was tried", () => {
    expect([...tried].sort()).toEqual([...ALARM_NAMES].sort());
  });

  test("each query found lines, with a value for every field that it names", () => {
    expect([...named.keys()].sort()).toEqual(Object.keys(QUERIES).sort());
    for (const [query, fields] of named)
      expect([...(seen.get(query) ?? [])].sort(), query).toEqual([...fields].sort());
  });
});
