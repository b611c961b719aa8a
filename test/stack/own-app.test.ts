import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { testDatabaseEndpoint } from "../support/database-endpoint.ts";
import { startDynamoDbProxy, type DynamoDbProxy } from "../support/dynamodb-proxy.ts";
import { HttpClient, type Answer } from "../support/http-client.ts";
import { startTestStack, type TestStack } from "../support/local-stack.ts";

/** The construct in an app of somebody's own, whose backend signs users in by invoking the login function. */

let proxy: DynamoDbProxy;
let stack: TestStack;

beforeAll(async () => {
  proxy = await startDynamoDbProxy(testDatabaseEndpoint());
  stack = await startTestStack({ app: "test/support/own-app.ts", databaseEndpoint: proxy.endpoint });
});
afterAll(async () => {
  await stack.stop();
  await proxy.stop();
});
beforeEach(() => proxy.interfere(() => undefined));

async function signIn(): Promise<{ token: string; session: { id: string } }> {
  const result = await stack.invoke("login", {
    user: { id: "alice", permissions: ["reports.read"] },
    device: { userAgent: "backend" },
  });
  if (result.outcome !== "answered") throw new Error("the login function faulted");
  return result.answer as { token: string; session: { id: string } };
}

const reports = (token?: string): Promise<Answer> =>
  new HttpClient(stack.url).call(
    "GET",
    "/reports",
    undefined,
    token === undefined ? {} : { authorization: `Bearer ${token}` },
  );

test("a live session reaches the route, which is told who asks", async () => {
  const { token, session } = await signIn();
  expect(await reports(token)).toMatchObject({
    status: 200,
    body: {
      whoAsks: { userId: "alice", sessionId: session.id, isAdmin: false, permissions: ["reports.read"] },
    },
  });
});

test("a displaced session is refused at the very next request, and the winner is not", async () => {
  const first = await signIn();
  expect((await reports(first.token)).status).toBe(200);
  const second = await signIn();
  expect(await reports(first.token)).toMatchObject({ status: 403, body: { message: "Forbidden" } });
  expect((await reports(second.token)).status).toBe(200);
  const why = await new HttpClient(stack.url).call("GET", "/session", undefined, {
    authorization: `Bearer ${first.token}`,
  });
  expect(why).toMatchObject({ status: 401, body: { code: "session_displaced" } });
});

test.each([
  ["no token", undefined],
  ["a token that is none", "x".repeat(43)],
])("%s is 403", async (_, token) => {
  expect((await reports(token)).status).toBe(403);
});

test("a store that cannot be asked is 500, never a yes", async () => {
  const { token } = await signIn();
  proxy.interfere(() => ({ fault: "drop-request" }));
  expect(await reports(token)).toMatchObject({ status: 500, body: { message: "Internal Server Error" } });
});

test("without the password directory a password login is not there", async () => {
  expect((await new HttpClient(stack.url).login("alice")).status).toBe(404);
});
