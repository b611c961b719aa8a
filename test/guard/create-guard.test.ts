import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { createGuard } from "../../guard/index.ts";
import { SessionToken } from "../../src/sessions/token.ts";
import { sessionKey } from "../../src/sessions/table.ts";
import { testDatabaseEndpoint } from "../support/database-endpoint.ts";
import { testClient } from "../support/dynamodb.ts";
import { startDynamoDbProxy, throttled, type DynamoDbProxy } from "../support/dynamodb-proxy.ts";
import { loginRequest, FIREFOX } from "../support/store.ts";
import { bearer, guardEnvironment, startGuarded, type Guarded } from "./support.ts";

/** The guard as people make it: of its environment, with its own client, over the real database. */

let proxy: DynamoDbProxy;
let guarded: Guarded;
const faults: unknown[] = [];
beforeAll(async () => {
  proxy = await startDynamoDbProxy(testDatabaseEndpoint());
  guarded = await startGuarded({ endpoint: proxy.endpoint, onFault: (fault) => faults.push(fault) });
});
afterAll(() => proxy.stop());
beforeEach(() => {
  proxy.interfere(() => undefined);
  proxy.answered.length = 0;
  faults.length = 0;
});

/** What the guard asked the database, with the units that the database says it took. */
const asked = () => proxy.answered.map(({ operation, capacityUnits }) => [operation, capacityUnits]);

/** Moves the last activity of a session so far back that the next check records it anew. */
async function seenLongAgo(token: string): Promise<void> {
  await testClient().send(
    new UpdateCommand({
      TableName: guarded.tableName,
      Key: sessionKey(SessionToken.parse(token)!.sessionId("1")),
      UpdateExpression: "SET lastSeenAt = lastSeenAt - :time",
      ExpressionAttributeValues: { ":time": 10 * 60_000 },
    }),
  );
}

describe("a check costs", () => {
  test("of a live session one trip and one read unit", async () => {
    const token = await guarded.logIn("alice");
    expect(await guarded.guard.check(bearer(token))).toMatchObject({
      outcome: "live",
      user: { id: "alice" },
    });
    expect(asked()).toEqual([["GetItem", 1]]);
  });

  test("of a live session with all that one can hold, one read unit", async () => {
    const permissions = Array.from({ length: 40 }, (_, index) => `permission.number.${index}`);
    const device = { ...FIREFOX, userAgent: "x".repeat(256), address: "2001:db8::1234:5678:9abc:def0" };
    const login = loginRequest("u".repeat(512), { device });
    const outcome = await guarded.store.login({ ...login, user: { ...login.user, permissions } });
    if (outcome.outcome !== "logged-in") throw new Error(outcome.outcome);
    expect(await guarded.guard.check(bearer(outcome.token.reveal()))).toMatchObject({ outcome: "live" });
    expect(asked()).toEqual([["GetItem", 1]]);
  });

  test("once in a touch interval one write unit more, and with watch never", async () => {
    const token = await guarded.logIn("alice");
    await seenLongAgo(token);
    await guarded.guard.check(bearer(token), { watch: true });
    expect(asked()).toEqual([["GetItem", 1]]);
    await guarded.guard.check(bearer(token));
    await guarded.guard.check(bearer(token));
    expect(asked().slice(1)).toEqual([
      ["GetItem", 1],
      ["UpdateItem", 1],
      ["GetItem", 1],
    ]);
  });

  test("of a session that has ended one read more, and of what cannot be a token nothing", async () => {
    const token = await guarded.logIn("alice");
    await guarded.logIn("alice");
    expect(await guarded.guard.check(bearer(token))).toMatchObject({
      problem: { code: "session_displaced" },
    });
    expect(asked().map(([operation]) => operation)).toEqual(["GetItem", "GetItem"]);
    proxy.answered.length = 0;
    for (const headers of [{}, bearer("x"), bearer(`${token}x`), { cookie: "__Host-session=<script>" }])
      expect(await guarded.guard.check(headers)).toMatchObject({ problem: { status: 401 } });
    expect(asked()).toEqual([]);
  });
});

describe("a database that", () => {
  test("cannot be asked is 503 at every try, never a yes, and the next check that gets through is one", async () => {
    const token = await guarded.logIn("alice");
    proxy.interfere(() => ({ fault: "drop-request" }));
    expect(await guarded.guard.check(bearer(token))).toMatchObject({
      outcome: "refused",
      problem: { status: 503, code: "unavailable", headers: { "Retry-After": "1" } },
    });
    expect(faults).toEqual([expect.objectContaining({ name: "StoreUnavailableError" })]);
    proxy.interfere(() => undefined);
    expect(await guarded.guard.check(bearer(token))).toMatchObject({ outcome: "live" });
  });

  test("throttles a moment is asked again", async () => {
    const token = await guarded.logIn("alice");
    let sent = 0;
    proxy.interfere(() => (sent++ < 2 ? throttled : undefined));
    expect(await guarded.guard.check(bearer(token))).toMatchObject({ outcome: "live" });
  });

  test("refuses the touch leaves the session live, and the fault is told", async () => {
    const token = await guarded.logIn("alice");
    await seenLongAgo(token);
    proxy.interfere(({ operation }) => (operation === "UpdateItem" ? { fault: "drop-request" } : undefined));
    expect(await guarded.guard.check(bearer(token))).toMatchObject({ outcome: "live" });
    expect(faults).toHaveLength(1);
  });

  test.each([
    ["AccessDeniedException", /may not read the sessions table .*sessions\.protect/],
    ["ResourceNotFoundException", /finds no sessions table .* in the Region eu-central-1.*deploy again/],
  ])("answers %s is a mistake of the set-up, which is thrown and says what to check", async (name, says) => {
    const token = await guarded.logIn("alice");
    proxy.interfere(() => ({ fault: "error", type: `com.amazonaws.dynamodb.v20120810#${name}` }));
    await expect(guarded.guard.check(bearer(token))).rejects.toThrow(says);
  });

  test("is slower than the platform gives time for is 503 before the platform ends the call", async () => {
    const token = await guarded.logIn("alice");
    let sent = 0;
    proxy.interfere(() => (sent++, undefined));
    const outcome = await guarded.guard.check(bearer(token), { remainingMs: () => 550 });
    expect(outcome).toMatchObject({ problem: { status: 503 } });
    expect(sent).toBe(0);
  });
});

describe("the environment", () => {
  test.each(["SINGLE_SESSION_GUARD_TABLE", "SINGLE_SESSION_GUARD_SETTINGS"])(
    "without %s fails the check and not the loading, and says what sets it",
    async (name) => {
      const guard = createGuard({ environment: { ...guardEnvironment("table"), [name]: "" } });
      await expect(guard.check({})).rejects.toThrow(`${name} is missing; sessions.protect(fn)`);
      expect(() => guard.preflight({})).toThrow(name);
    },
  );

  test.each([
    ["SINGLE_SESSION_GUARD_SETTINGS", "{"],
    ["SINGLE_SESSION_GUARD_SETTINGS", "{}"],
    ["SINGLE_SESSION_GUARD_TABLE", "my-table"],
    ["SINGLE_SESSION_GUARD_TABLE", "{}"],
  ])("with %s that is %s fails the loading, and is named", (name, text) => {
    const environment = { ...guardEnvironment("table"), [name]: text };
    expect(() => createGuard({ environment })).toThrow(`${name} is not as it was set; sessions.protect(fn)`);
  });

  test("without credentials fails the loading, unless others are given", async () => {
    const environment = {
      ...guardEnvironment(guarded.tableName, {}, proxy.endpoint),
      AWS_ACCESS_KEY_ID: undefined,
    };
    expect(() => createGuard({ environment })).toThrow(/AWS_ACCESS_KEY_ID.*createGuard\(\{ credentials/);
    const credentials = vi.fn(() => Promise.resolve({ accessKeyId: "task", secretAccessKey: "local" }));
    const guard = createGuard({ environment, credentials });
    expect(await guard.check(bearer(await guarded.logIn("alice")))).toMatchObject({ outcome: "live" });
    expect(proxy.answered.map(({ accessKeyId }) => accessKeyId)).toEqual(["task"]);
  });

  test("names the address of a database of one's own in place of DynamoDB's", async () => {
    const environment = {
      ...guardEnvironment(guarded.tableName, {}, "https://dynamodb.eu-central-1.example"),
      AWS_ENDPOINT_URL_DYNAMODB: proxy.endpoint,
    };
    const guard = createGuard({ environment });
    expect(await guard.check(bearer(await guarded.logIn("alice")))).toMatchObject({ outcome: "live" });
  });

  test("of another era or with shorter timeouts decides as the functions do", async () => {
    const token = await guarded.logIn("alice");
    const environment = guardEnvironment(guarded.tableName, { era: "2" });
    expect(await createGuard({ environment }).check(bearer(token))).toMatchObject({
      problem: { code: "session_unknown" },
    });
  });
});
