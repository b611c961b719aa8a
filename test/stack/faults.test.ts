// Long: started first.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { DEMO_PASSWORD } from "../../cli/demo-users.ts";
import { createUserDirectory } from "../../src/identity/create-user-directory.ts";
import { createUserManagement } from "../../src/identity/manage-users.ts";
import { createSessionStore } from "../../src/sessions/create-session-store.ts";
import { testDatabaseEndpoint } from "../support/database-endpoint.ts";
import { testClient } from "../support/dynamodb.ts";
import {
  cancelled,
  Gate,
  startDynamoDbProxy,
  throttled,
  type DynamoDbProxy,
  type Fault,
} from "../support/dynamodb-proxy.ts";
import { addDemoUsers, HttpClient } from "../support/http-client.ts";
import { startTestStack, type TestStack } from "../support/local-stack.ts";
import { SETTINGS } from "../support/store.ts";

let proxy: DynamoDbProxy;
let stack: TestStack;

beforeAll(async () => {
  proxy = await startDynamoDbProxy(testDatabaseEndpoint());
  stack = await startTestStack({ databaseEndpoint: proxy.endpoint });
  await addDemoUsers(stack);
});
afterAll(async () => {
  await stack.stop();
  await proxy.stop();
});
beforeEach(() => proxy.interfere(() => undefined));

const faultyTransactions = (fault: Fault): void =>
  proxy.interfere(({ operation }) => (operation === "TransactWriteItems" ? fault : undefined));

describe.each<[string, Fault, string]>([
  ["throttled", throttled, "unavailable"],
  ["conflicting with others", cancelled("TransactionConflict", "None", "None"), "unavailable"],
  ["cut off from the store", { fault: "drop-request" }, "outcome_unknown"],
])("transactions that are %s for good", (_, fault, code) => {
  test("answer 503 with Retry-After, and leave the old session working", async () => {
    const old = new HttpClient(stack.url);
    expect((await old.login("alice")).status).toBe(201);
    faultyTransactions(fault);

    const login = await new HttpClient(stack.url).login("alice");
    expect(login).toMatchObject({ status: 503, body: { code } });
    expect(Number(login.headers.get("retry-after"))).toBeGreaterThan(0);
    const logout = await old.call("POST", "/logout");
    expect(logout).toMatchObject({ status: 503, body: { code } });
    expect(old.cookie()).toBeDefined();
    expect((await old.session()).status).toBe(200);
  });
});

test("a store that cannot be asked is 503 on every path, never 401 and never a yes", async () => {
  const client = new HttpClient(stack.url);
  await client.login("alice");
  proxy.interfere(() => ({ fault: "drop-request" }));
  for (const [method, path] of [
    ["GET", "/session"],
    ["GET", "/sessions"],
    ["DELETE", "/sessions"],
    ["POST", "/logout"],
    ["POST", "/admin/logout"],
  ] as const) {
    const body = path === "/admin/logout" ? { userIds: ["bob"] } : undefined;
    expect(await client.call(method, path, body)).toMatchObject({
      status: 503,
      body: { code: "unavailable" },
    });
  }
  expect(await client.login("alice")).toMatchObject({ status: 503 });
});

describe("a login paused after its reads", () => {
  /** What `npm run users` does, past the proxy. */
  const management = () => {
    const documents = testClient();
    const { UsersTableName: users = "", SessionsTableName: sessions = "" } = stack.tables;
    return createUserManagement({
      directory: createUserDirectory({ documents, tableName: users, clock: Date.now }),
      sessions: createSessionStore({ documents, tableName: sessions, settings: SETTINGS }),
    });
  };

  /** Starts a login, holds its transaction back, does something, and lets the login go on. */
  async function pausedLogin(
    username: string,
    meanwhile: () => Promise<unknown>,
  ): Promise<{ status: number }> {
    const gate = new Gate();
    proxy.interfere(({ operation }) => (operation === "TransactWriteItems" ? gate.pass() : undefined));
    const login = new HttpClient(stack.url).login(username);
    await gate.reached.promise;
    await meanwhile();
    gate.open();
    return login;
  }

  test("gets in when nothing happens in between", async () => {
    expect((await pausedLogin("bob", () => Promise.resolve())).status).toBe(201);
  });

  test("does not get in when its user was disabled", async () => {
    const answer = await pausedLogin("bob", () => management().disableUser("bob"));
    expect(answer).toMatchObject({ status: 401, body: { code: "invalid_credentials" } });
    await management().enableUser("bob");
    expect((await new HttpClient(stack.url).login("bob")).status).toBe(201);
  });

  test("does not get in when the password was changed", async () => {
    const answer = await pausedLogin("bob", () => management().setPassword("bob", "another long password"));
    expect(answer).toMatchObject({ status: 401, body: { code: "invalid_credentials" } });
    await management().setPassword("bob", DEMO_PASSWORD);
  });

  test("does not get in when its user was removed", async () => {
    const answer = await pausedLogin("staff", () => management().removeUser("staff"));
    expect(answer).toMatchObject({ status: 401, body: { code: "invalid_credentials" } });
  });
});

test("disabling a user, or changing the password, ends the sessions there are", async () => {
  const client = new HttpClient(stack.url);
  await client.login("alice");
  const documents = testClient();
  const { UsersTableName: users = "", SessionsTableName: sessions = "" } = stack.tables;
  const management = createUserManagement({
    directory: createUserDirectory({ documents, tableName: users, clock: Date.now }),
    sessions: createSessionStore({ documents, tableName: sessions, settings: SETTINGS }),
  });
  expect(await management.setPassword("alice", DEMO_PASSWORD)).toEqual({
    outcome: "changed",
    sessionCount: 1,
  });
  expect(await client.session()).toMatchObject({ status: 401, body: { code: "session_revoked" } });
  await client.login("alice");
  expect(await management.disableUser("alice")).toEqual({ outcome: "changed", sessionCount: 1 });
  expect(await client.session()).toMatchObject({ status: 401, body: { code: "session_revoked" } });
  expect((await client.login("alice")).status).toBe(401);
});
