import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { testDatabaseEndpoint } from "../support/database-endpoint.ts";
import { startDynamoDbProxy, type DynamoDbProxy } from "../support/dynamodb-proxy.ts";
import { HttpClient, type Answer } from "../support/http-client.ts";
import { startTestStack, type TestStack } from "../support/local-stack.ts";

/** A function of somebody's own that checks sessions by the guard, in a stack that runs from its template. */

let proxy: DynamoDbProxy;
let stack: TestStack;

beforeAll(async () => {
  proxy = await startDynamoDbProxy(testDatabaseEndpoint());
  stack = await startTestStack({ app: "test/support/guard-app.ts", databaseEndpoint: proxy.endpoint });
});
afterAll(async () => {
  await stack.stop();
  await proxy.stop();
});
beforeEach(() => proxy.interfere(() => undefined));

async function signIn(): Promise<string> {
  const result = await stack.invoke("login", { user: { id: "alice", permissions: ["orders.read"] } });
  if (result.outcome !== "answered") throw new Error("the login function faulted");
  return (result.answer as { token: string }).token;
}

const orders = (headers: Record<string, string>, method = "GET"): Promise<Answer> =>
  new HttpClient(stack.url).call(method, "/orders", undefined, headers);

test("a live session reaches the function, by bearer and by the cookie of an HTTP API's event", async () => {
  const token = await signIn();
  for (const headers of [{ authorization: `Bearer ${token}` }, { cookie: `__Host-session=${token}` }])
    expect(await orders(headers)).toMatchObject({
      status: 200,
      body: { user: { id: "alice", permissions: ["orders.read"] }, session: { device: {} } },
    });
});

test("a displaced session is refused at the very next request with the answer of GET /session", async () => {
  const authorization = `Bearer ${await signIn()}`;
  expect((await orders({ authorization })).status).toBe(200);
  await signIn();
  const refused = await orders({ authorization });
  const why = await new HttpClient(stack.url).call("GET", "/session", undefined, { authorization });
  expect(refused).toMatchObject({ status: 401, body: { code: "session_displaced" } });
  expect(refused.body).toEqual(why.body);
});

test("a page of another origin is 403 with the cookie", async () => {
  const headers = {
    cookie: `__Host-session=${await signIn()}`,
    origin: "https://evil.example",
    "sec-fetch-site": "cross-site",
  };
  expect(await orders(headers, "POST")).toMatchObject({ status: 403, body: { code: "cross_origin" } });
});

test("a store that cannot be asked is 503, never a yes", async () => {
  const authorization = `Bearer ${await signIn()}`;
  proxy.interfere(() => ({ fault: "drop-request" }));
  expect(await orders({ authorization })).toMatchObject({ status: 503, body: { code: "unavailable" } });
});
