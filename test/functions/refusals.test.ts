import { describe, expect, it } from "vitest";
import { createActivityReader } from "../../src/activity/reader.ts";
import { testDatabaseEndpoint } from "../support/database-endpoint.ts";
import { startDynamoDbProxy } from "../support/dynamodb-proxy.ts";
import { testClient } from "../support/dynamodb.ts";
import { addUsers, json, MINUTE, PASSWORD, startFunctions, type Functions, type Options } from "./harness.ts";

const DENY = { settings: { policy: { limit: 1, atLimit: "deny" } } } as const satisfies Options;

const readerOf = ({ tables, clock }: Functions) =>
  createActivityReader({
    ...{ documents: testClient(), tableName: tables.activity, clock: () => clock.now },
  });
const everybodys = async (functions: Functions) =>
  (await readerOf(functions).list({ from: 0, to: functions.clock.now, limit: 20 })).items;
const hourOf = async (functions: Functions) => {
  const { now } = functions.clock;
  return (await readerOf(functions).hours({ from: now, to: now })).hours.at(-1);
};

const logIn = (functions: Functions, password: string) =>
  functions.send("POST /login", json({ username: "alice", password }));

describe("a login that is refused at the limit", () => {
  it("is kept with user, source and device, and counted", async () => {
    const functions = await startFunctions(DENY);
    await addUsers(functions.directory, { alice: {} });
    await functions.logIn("alice");
    expect((await logIn(functions, PASSWORD)).status).toBe(409);
    expect(await everybodys(functions)).toEqual([
      {
        id: expect.stringMatching(/^[\w-]{43}$/) as string,
        ...{ kind: "denied", at: functions.clock.now, userId: "alice", identitySource: "passwords" },
        device: { label: expect.any(String) as string, class: "desktop" },
      },
    ]);
    expect(await hourOf(functions)).toMatchObject({ denied: 1, started: 0 });
  });

  it("is answered all the same, and soon, where it cannot be kept", async () => {
    const proxy = await startDynamoDbProxy(testDatabaseEndpoint());
    const functions = await startFunctions({
      ...DENY,
      documents: testClient({ endpoint: proxy.endpoint }),
    });
    await addUsers(functions.directory, { alice: {} });
    await functions.logIn("alice");
    let isAsked = false;
    proxy.interfere(async ({ body }) => {
      if ((body as { TableName?: string }).TableName !== functions.tables.activity) return undefined;
      isAsked = true;
      await new Promise((resolve) => setTimeout(resolve, 5000));
      return { fault: "drop-request" };
    });
    const startedAt = performance.now();
    expect((await logIn(functions, PASSWORD)).status).toBe(409);
    expect(performance.now() - startedAt).toBeLessThan(4000);
    expect(isAsked).toBe(true);
    expect(functions.recorded.counts()).toMatchObject({ Denied: 1, ActivityLost: 1 });
    await proxy.stop();
  });
});

describe("failed passwords", () => {
  it("are kept once when they begin to have to wait, without the name that was typed", async () => {
    const functions = await startFunctions();
    for (let attempt = 1; attempt <= 12; attempt++) await logIn(functions, "wrong password");
    expect(functions.recorded.counts()).toMatchObject({ FailedLogins: 10, Throttled: 2 });
    const [record, ...more] = await everybodys(functions);
    expect(record).toMatchObject({ kind: "throttled" });
    expect(JSON.stringify(record)).not.toContain("alice");
    expect(more).toEqual([]);
    functions.clock.now += MINUTE;
    // One more try, and a longer wait: the name is throttled already.
    await logIn(functions, "wrong password");
    expect(await everybodys(functions)).toHaveLength(1);
    expect(await hourOf(functions)).toBeDefined();
  });
});
