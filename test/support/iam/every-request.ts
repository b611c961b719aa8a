import { setTimeout as sleep } from "node:timers/promises";
import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "vitest";
import { ALL_ROUTES } from "../../../infra/routes.ts";
import { hourKey } from "../../../src/activity/table.ts";
import { HOUR_MS } from "../../../src/activity/items.ts";
import { sessionKey } from "../../../src/sessions/table.ts";
import { testClient } from "../dynamodb.ts";
import { FIREFOX_ON_MACOS, HttpClient, type Answer } from "../http-client.ts";
import type { TestProvider } from "../oidc-provider.ts";
import { logOutByJob } from "../run-job.ts";

/**
 * Calls that make every function send each kind of request that it ever sends. They need a limit of two
 * sessions and `ask` at the limit. Each expectation shows that the branch meant was the one taken.
 */
export interface DrivenStack {
  readonly url: string;
  readonly tables: Readonly<Record<string, string>>;
}

/** Notes which routes were called. */
class NotingClient extends HttpClient {
  static readonly called = new Set<string>();

  override call(...[method, path, ...more]: Parameters<HttpClient["call"]>): Promise<Answer> {
    const [plain = ""] = path.split("?");
    NotingClient.called.add(
      `${method} ${plain.replace(/\/([\w-]{43}|\d{8}T\d{6}-[0-9a-f]{12})(?=$|\/)/, "/{id}")}`,
    );
    return super.call(method, path, ...more);
  }
}

/** Routes that no call was made to: a new route needs calls here. */
export const routesNotCalled = (): string[] =>
  ALL_ROUTES.map(({ method, path }) => `${method} ${path}`).filter(
    (route) => !NotingClient.called.has(route),
  );

/** Every request of a stack whose users have passwords, with the demo users in it. */
export async function makeEveryRequest(stack: DrivenStack): Promise<void> {
  await logInWithPasswords(stack);
  await logInDirectly(stack);
  await validateAndTouch(stack);
  await endOwnSessions(stack);
  await administer(stack);
  await keepCountersRight(stack);
  await runJobs(stack);
}

async function keepCountersRight(stack: DrivenStack): Promise<void> {
  expect(await invoke(stack, "recount", { task: "measure" })).toMatchObject({ parts: 1 });
  // A start of which there is no record: there is something to correct.
  const tableName = Object.entries(stack.tables).find(([id]) => id.includes("activitytable"))?.[1] ?? "";
  await testClient().send(
    new UpdateCommand({
      TableName: tableName,
      Key: hourKey(Date.now() - HOUR_MS),
      UpdateExpression: "ADD started :one",
      ExpressionAttributeValues: { ":one": 1 },
    }),
  );
  expect(await invoke(stack, "recount", { task: "recount" })).toMatchObject({ hours: 49, unfinished: 0 });
}

/** Jobs read no caller: what they ask is asked of whomever they log out. */
async function runJobs(stack: DrivenStack): Promise<void> {
  const documents = testClient();
  // By the backend's word: bob's name still has to wait.
  expect(await invoke(stack, "login", { user: { id: "bob" }, takeover: true })).toHaveProperty("token");
  const job = await logOutByJob(stack, documents, ["bob", "carol", "corp:carol"]);
  expect(job).toMatchObject({ state: "finished", usersDone: 3 });
  await callJobs(stack);
  documents.destroy();
}

/** The same through the API, with an administrator whose calls read the caller. */
async function callJobs(stack: DrivenStack): Promise<void> {
  const chief = await signedIn(stack, "admin", { takeover: true });
  const userIds = ["dora", "corp:dora"];
  const started = await chief.call("POST", "/admin/jobs", { userIds, rate: 10_000 });
  expect([started.status, started.body]).toMatchObject([202, { state: "running", users: 2 }]);
  const { id } = started.body as { readonly id: string };
  let job: Record<string, unknown> = {};
  while (job["state"] !== "finished") {
    await sleep(100);
    job = (await chief.call("GET", `/admin/jobs/${id}`)).body as Record<string, unknown>;
  }
  expect(job["unknown"]).toBe(2);
  expect((await chief.call("GET", "/admin/jobs")).status).toBe(200);
  const resumed = await chief.call("POST", `/admin/jobs/${id}/runs`);
  expect([resumed.status, resumed.body]).toMatchObject([202, { state: "finished", runs: 1 }]);
  expect((await chief.logout()).status).toBe(204);
  // Why a session is not live is read of its ending.
  expect((await chief.call("GET", "/admin/jobs")).status).toBe(401);
}

const on = (stack: DrivenStack, userAgent?: string): NotingClient => new NotingClient(stack.url, userAgent);

async function signedIn(stack: DrivenStack, name: string, more: object = {}): Promise<NotingClient> {
  const client = on(stack);
  expect((await client.login(name, { ...more })).status).toBe(201);
  return client;
}

const idOf = ({ body }: Answer): string => (body as { session: { id: string } }).session.id;

async function logInWithPasswords(stack: DrivenStack): Promise<void> {
  const [laptop, phone, tablet] = [on(stack), on(stack, FIREFOX_ON_MACOS), on(stack)];
  const first = await laptop.login("alice");
  expect(first.status).toBe(201);
  // A device that is known, right and wrong; its session is replaced.
  expect((await laptop.login("alice", { password: "wrong-wrong-wrong" })).status).toBe(401);
  const second = await laptop.login("alice");
  expect(second.status).toBe(201);
  expect((await phone.login("alice")).status).toBe(201);
  // At the limit: the roster is read with its sessions.
  expect((await tablet.login("alice")).status).toBe(409);
  expect((await tablet.login("alice", { end: [idOf(second)] })).status).toBe(201);
  expect((await on(stack).login("alice", { takeover: true })).status).toBe(201);
  // Another user logs in on a browser that has a session.
  expect((await tablet.login("bob")).status).toBe(201);
  // Until the name has to wait; the address then gets its attempt back.
  const guesses: number[] = [];
  for (let guess = 0; guess < 12; guess++)
    guesses.push((await on(stack).login("bob", { password: "wrong-wrong-wrong" })).status);
  expect(guesses).toContain(429);
}

async function invoke(stack: DrivenStack, name: string, event: object): Promise<unknown> {
  const path = `/2015-03-31/functions/${name}/invocations`;
  const answer = await new HttpClient(stack.url).call("POST", path, event);
  expect([answer.status, answer.headers.get("x-amz-function-error")]).toEqual([200, null]);
  return answer.body as unknown;
}

async function logInDirectly(stack: DrivenStack): Promise<string> {
  const user = { id: "corp:carol" };
  await invoke(stack, "login", { user });
  const { token } = (await invoke(stack, "login", { user })) as { token: string };
  expect(await invoke(stack, "login", { user })).toMatchObject({ code: "session_limit" });
  return token;
}

async function validateAndTouch(stack: DrivenStack): Promise<void> {
  const client = await signedIn(stack, "alice", { takeover: true });
  const headers = { authorization: `Bearer ${client.cookie() ?? ""}` };
  const documents = testClient();
  const agentOf = (turn: number) => ({ "user-agent": turn % 2 ? "curl/8.4.0" : "PostmanRuntime/7.0" });
  const authorize = (sent: Record<string, string> = headers) =>
    invoke(stack, "authorize", {
      version: "2.0",
      type: "REQUEST",
      rawPath: "/reports",
      headers: sent,
      requestContext: { http: { method: "GET" } },
    });
  const seenLongAgo = async (): Promise<void> => {
    const id = idOf(await client.call("GET", "/session?watch=1"));
    await documents.send(
      new UpdateCommand({
        TableName: stack.tables["SessionsTableName"],
        Key: sessionKey(id),
        UpdateExpression: "SET lastSeenAt = lastSeenAt - :hour",
        ExpressionAttributeValues: { ":hour": 3_600_000 },
      }),
    );
  };
  const lastSeenAt = async (): Promise<number> => {
    const answer = await client.call("GET", "/session?watch=1");
    return Date.parse((answer.body as { session: { lastSeenAt: string } }).session.lastSeenAt);
  };
  await seenLongAgo();
  expect((await client.session()).status).toBe(200);
  expect(Date.now() - (await lastSeenAt())).toBeLessThan(3_000_000);
  await seenLongAgo();
  expect(await authorize()).toMatchObject({ isAuthorized: true });
  expect(Date.now() - (await lastSeenAt())).toBeLessThan(3_000_000);
  // Two clients with one cookie, by turns: the last of these touches says that it is suspected.
  for (let turn = 0; turn < 5; turn++) {
    await seenLongAgo();
    expect((await client.call("GET", "/session", undefined, agentOf(turn))).status).toBe(200);
  }
  await client.login("alice", { takeover: true });
  for (let turn = 0; turn < 5; turn++) {
    await seenLongAgo();
    const cookie = `__Host-session=${client.cookie() ?? ""}`;
    expect(await authorize({ cookie, ...agentOf(turn) })).toMatchObject({ isAuthorized: true });
  }
  headers.authorization = `Bearer ${client.cookie() ?? ""}`;
  expect((await client.logout()).status).toBe(204);
  // The reason is read of a session that is gone, by every function that resolves a caller.
  expect(await authorize()).toEqual({ isAuthorized: false });
  const gone = on(stack);
  for (const [method, path] of [
    ["GET", "/session"],
    ["GET", "/sessions"],
    ["DELETE", "/sessions"],
    ["POST", "/admin/logout"],
  ] as const) {
    const body = method === "POST" ? { userIds: ["alice"] } : undefined;
    expect((await gone.call(method, path, body, headers)).body).toMatchObject({ code: "session_logged_out" });
  }
  documents.destroy();
}

async function endOwnSessions(stack: DrivenStack): Promise<void> {
  const laptop = await signedIn(stack, "staff");
  const phone = on(stack);
  const other = idOf(await phone.login("staff"));
  expect((await laptop.call("GET", "/sessions")).body).toMatchObject({ sessions: [{}, {}] });
  expect((await laptop.call("DELETE", `/sessions/${other}`)).status).toBe(204);
  await phone.login("staff");
  expect((await laptop.call("DELETE", "/sessions")).body).toEqual({ sessionCount: 1 });
  const own = idOf(await laptop.session());
  expect((await laptop.call("DELETE", `/sessions/${own}`)).status).toBe(204);
  await phone.login("staff");
  await laptop.login("staff");
  expect((await laptop.logout()).status).toBe(204);
  expect((await phone.session()).status).toBe(401);
}

async function administer(stack: DrivenStack): Promise<void> {
  const admin = await signedIn(stack, "admin");
  const staff = await signedIn(stack, "staff");
  const alice = await signedIn(stack, "alice");
  for (const query of ["", "?limit=1", "?userId=alice"])
    expect((await admin.call("GET", `/admin/sessions${query}`)).status).toBe(200);
  expect((await staff.call("GET", "/admin/endings?userId=alice")).status).toBe(200);
  for (const path of ["overview", "suspects", "activity", "activity?userId=alice&kind=ended"])
    expect((await staff.call("GET", `/admin/${path}`)).status).toBe(200);
  expect((await staff.call("GET", "/sessions/activity")).status).toBe(200);
  expect(
    (await staff.call("POST", "/admin/logout", { userIds: ["alice", "corp:carol"] })).body,
  ).toMatchObject({ loggedOut: [{ sessionCount: 1 }, { sessionCount: 2 }] });
  expect((await alice.session()).body).toMatchObject({ code: "session_revoked" });
  expect((await alice.login("alice")).status).toBe(201);
  const session = idOf(await alice.session());
  expect((await staff.call("DELETE", `/admin/sessions/${session}`)).status).toBe(204);
  // A user with nothing but dead sessions: deletes only.
  expect(await invoke(stack, "admin-logout", { userIds: ["alice", "admin"] })).toMatchObject({
    skipped: [{ userId: "admin" }],
  });
}

/**
 * Every request of a stack whose users come from a provider with the code flow, registered under the name
 * `corp`.
 * @param isCounted whether a refusal was counted. One that cannot be within its 200 ms is not, and a busy
 * machine may need a second.
 */
export async function makeEveryOidcRequest(
  stack: DrivenStack,
  provider: TestProvider,
  isCounted: () => boolean,
): Promise<void> {
  const signIn = async (client: HttpClient, query = ""): Promise<number> => {
    const begun = await client.call("GET", `/login/oidc${query}`);
    const back = await provider.signIn(String(begun.headers.get("location")), "maria");
    return (await client.call("GET", back.pathname + back.search)).status;
  };
  const [laptop, phone, tablet] = [on(stack), on(stack, FIREFOX_ON_MACOS), on(stack)];
  expect(await signIn(laptop)).toBe(303);
  // The browser's own session is replaced.
  expect(await signIn(laptop)).toBe(303);
  expect(await signIn(phone)).toBe(303);
  do expect(await signIn(tablet)).toBe(409);
  while (!isCounted());
  expect(await signIn(tablet, "?takeover=true")).toBe(303);
  expect((await tablet.logout()).status).toBe(204);

  const idToken = await provider.sign({ sub: "maria" });
  const withToken = (client: HttpClient, more: object = {}) =>
    client.call("POST", "/login", { idToken, ...more });
  expect((await withToken(laptop)).status).toBe(201);
  expect((await withToken(on(stack))).status).toBe(401);
}
