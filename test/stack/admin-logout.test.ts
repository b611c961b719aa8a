// Long: started first.
import { execFile, spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createSessionStore } from "../../src/sessions/create-session-store.ts";
import { testDatabaseEndpoint } from "../support/database-endpoint.ts";
import { testClient } from "../support/dynamodb.ts";
import { seedSessions } from "../support/seed-sessions.ts";
import { liveAmong, SETTINGS } from "../support/store.ts";
import { startDynamoDbProxy, type DynamoDbProxy } from "../support/dynamodb-proxy.ts";
import { addDemoUsers, HttpClient } from "../support/http-client.ts";
import { startTestStack, type TestStack } from "../support/local-stack.ts";

/**
 * The tests need npm and Java only; without the CLI, `test/local` still shows direct invocation by plain
 * HTTP.
 */
const hasAwsCli = spawnSync("aws", ["--version"]).status === 0;

let proxy: DynamoDbProxy;
let stack: TestStack;
let alice: HttpClient;
let admin: HttpClient;

beforeAll(async () => {
  proxy = await startDynamoDbProxy(testDatabaseEndpoint());
  stack = await startTestStack({
    databaseEndpoint: proxy.endpoint,
    context: { SINGLE_USER_SESSION: "false" },
  });
  await addDemoUsers(stack);
});
afterAll(async () => {
  await stack.stop();
  await proxy.stop();
});
beforeEach(async () => {
  await stack.invoke("admin-logout", { userIds: ["alice", "bob", "staff", "admin"], includeAdmins: true });
  [alice, admin] = [new HttpClient(stack.url), new HttpClient(stack.url)];
  await Promise.all([alice.login("alice"), admin.login("admin")]);
});

const as = async (username: string): Promise<HttpClient> => {
  const client = new HttpClient(stack.url);
  await client.login(username);
  return client;
};

describe("through HTTP", () => {
  test("staff log out a user, an administrator in the list is skipped, and the user is told why", async () => {
    const staff = await as("staff");
    const answer = await staff.call("POST", "/admin/logout", { userIds: ["alice", "admin", "nobody"] });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      loggedOut: [
        { userId: "alice", sessionCount: 1 },
        { userId: "nobody", sessionCount: 0 },
      ],
      skipped: [{ userId: "admin", reason: "administrator" }],
      unfinished: [],
    });
    const session = await alice.session();
    expect(session).toMatchObject({
      status: 401,
      body: { code: "session_revoked", by: { administrator: true } },
    });
    expect((await admin.session()).status).toBe(200);
  });

  test("an administrator logs out administrators by asking for it", async () => {
    const other = await as("admin");
    const answer = await other.call("POST", "/admin/logout", { userIds: ["admin"], includeAdmins: true });
    expect(answer.status).toBe(200);
    expect((answer.body as { loggedOut: unknown[] }).loggedOut).toMatchObject([{ userId: "admin" }]);
    expect((await admin.session()).status).toBe(401);
  });

  test.each([
    ["a caller without the permission", "bob", {}],
    ["includeAdmins without logout_all", "staff", { includeAdmins: true }],
  ])("%s is refused, and nothing is done", async (_, username, more) => {
    const caller = await as(username);
    const answer = await caller.call("POST", "/admin/logout", { userIds: ["alice"], ...more });
    expect(answer).toMatchObject({ status: 403, body: { code: "permission_required" } });
    expect((await alice.session()).status).toBe(200);
  });
});

describe("by direct invocation", () => {
  test.skipIf(!hasAwsCli)("the AWS CLI logs a user out", async () => {
    const folder = await mkdtemp(join(tmpdir(), "invoke-"));
    const out = join(folder, "out.json");
    try {
      const { stdout } = await promisify(execFile)(
        "aws",
        ["lambda", "invoke", "--endpoint-url", stack.url, "--function-name", "admin-logout"].concat(
          ["--payload", JSON.stringify({ userIds: ["alice", "admin"], actor: "on-call" })],
          (await awsTakesRawPayloads()) ? ["--cli-binary-format", "raw-in-base64-out"] : [],
          out,
        ),
        {
          env: {
            ...process.env,
            AWS_ACCESS_KEY_ID: "local",
            AWS_SECRET_ACCESS_KEY: "local",
            AWS_DEFAULT_REGION: "eu-central-1",
          },
        },
      );
      expect(JSON.parse(stdout)).toMatchObject({ StatusCode: 200 });
      expect(JSON.parse(await readFile(out, "utf8"))).toEqual({
        loggedOut: [{ userId: "alice", sessionCount: 1 }],
        skipped: [{ userId: "admin", reason: "administrator" }],
        unfinished: [],
      });
    } finally {
      await rm(folder, { recursive: true });
    }
    expect((await alice.session()).body).toMatchObject({ code: "session_revoked" });
    expect((await admin.session()).status).toBe(200);
  });
});

/** Version 2 of the AWS CLI wants base64 unless told otherwise; version 1 does not know the option. */
async function awsTakesRawPayloads(): Promise<boolean> {
  const { stdout, stderr } = await promisify(execFile)("aws", ["--version"]);
  return (stdout + stderr).includes("aws-cli/2");
}

/** The outbox reads endings at the same time; a revocation reads none. */
const isOfOutbox = ({ operation, body }: { readonly operation: string; readonly body: object }): boolean =>
  operation === "BatchGetItem" && JSON.stringify(body).includes('"ended#');

/** Logs out so many users, each with a session or some. @returns what was asked of the database for it. */
async function logOutMany(count: number) {
  const userIds = Array.from({ length: count }, (_, index) => `person-${count}-${index}`);
  // Straight into the stack's table: 2,000 logins would show nothing more and take minutes.
  const tableName = stack.tables["SessionsTableName"] ?? "";
  const documents = testClient();
  const store = createSessionStore({ documents, tableName, settings: SETTINGS });
  const sessionTokens = await seedSessions(
    documents,
    tableName,
    SETTINGS,
    userIds.map((userId, index) => ({ userId, sessions: (index % 3) + 1 })),
  );
  const some = sessionTokens.filter((_, index) => index % 100 === 0);
  expect(await liveAmong(store, some)).toHaveLength(some.length);

  const before = proxy.answered.length;
  const answer = await admin.call("POST", "/admin/logout", { userIds });
  expect(answer.status).toBe(200);
  const { loggedOut, unfinished } = answer.body as {
    loggedOut: { sessionCount: number }[];
    unfinished: string[];
  };
  return { userIds, store, sessionTokens, loggedOut, unfinished, requests: proxy.answered.slice(before) };
}

test("a thousand users go in as few requests as can be, without an index", async () => {
  let done = await logOutMany(1000);
  // The function has ten seconds, in which a busy machine may not get that far: then fewer are logged out.
  for (const fewer of [500, 250, 125]) if (done.unfinished.length > 0) done = await logOutMany(fewer);
  const { userIds, store, sessionTokens, loggedOut, unfinished, requests } = done;
  const tokens = sessionTokens.map((token) => token.reveal());
  expect(unfinished).toEqual([]);
  expect(loggedOut.map(({ sessionCount }) => sessionCount)).toEqual(
    userIds.map((_, index) => (index % 3) + 1),
  );

  // A database that is slow to answer is asked the same again: that is one request of the operation still.
  const commands = [...new Map(requests.map((request) => [request.command, request])).values()].filter(
    (request) => !isOfOutbox(request),
  );
  const count = (operation: string, table: string): number =>
    commands.filter(
      (request) =>
        request.operation === operation && Object.keys(request.body["RequestItems"] ?? {}).includes(table),
    ).length;
  const { SessionsTableName: sessions = "", UsersTableName: users = "" } = stack.tables;
  expect(requests.filter(({ operation }) => operation === "Query" || operation === "Scan")).toEqual([]);
  const lists = Math.ceil(userIds.length / 100);
  expect(count("BatchGetItem", users)).toBeLessThanOrEqual(lists);
  expect(count("BatchGetItem", sessions)).toBeLessThanOrEqual(lists + Math.ceil(tokens.length / 100));
  expect(count("BatchWriteItem", sessions)).toBeLessThanOrEqual(Math.ceil((2 * tokens.length) / 25));

  expect(await liveAmong(store, sessionTokens)).toEqual([]);
  // Some of them through HTTP too.
  for (const token of tokens.filter((_, index) => index % 100 === 0)) {
    const session = await new HttpClient(stack.url).call("GET", "/session", undefined, {
      authorization: `Bearer ${token}`,
    });
    expect(session).toMatchObject({ status: 401, body: { code: "session_revoked" } });
  }
}, 600_000);
