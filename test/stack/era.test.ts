import { randomUUID } from "node:crypto";
import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import { afterEach, expect, test } from "vitest";
import { TTL_ATTRIBUTE } from "../../src/sessions/table.ts";
import { testClient } from "../support/dynamodb.ts";
import { addDemoUsers, HttpClient, sessionCounts } from "../support/http-client.ts";
import { startTestStack, type TestStack } from "../support/local-stack.ts";

/** The break-glass of docs/operate/sign-everybody-out.md: one value changed, and everybody is signed out. */

const tableNameSuffix = `-era-${randomUUID()}`;
const running: TestStack[] = [];
afterEach(async () => {
  for (const stack of running.splice(0)) await stack.stop();
});

/** The stack in an era, over the same tables each time: what a deployment with another `era` is. */
async function deployEra(era: string): Promise<TestStack> {
  for (const stack of running.splice(0)) await stack.stop();
  const stack = await startTestStack({ tableNameSuffix, context: { era, logoutAllSessions: "false" } });
  running.push(stack);
  return stack;
}

const tokenOf = async (stack: TestStack, username: string): Promise<string> => {
  const answer = await new HttpClient(stack.url).login(username, { deliver: "token" });
  expect(answer.status).toBe(201);
  return (answer.body as { token: string }).token;
};

/** What `GET /session` and the authorizer say of a token: its code, or "live". */
async function standingOf(stack: TestStack, token: string): Promise<string> {
  const headers = { authorization: `Bearer ${token}` };
  const answer = await new HttpClient(stack.url).call("GET", "/session?watch=1", undefined, headers);
  return answer.status === 200 ? "live" : (answer.body as { code: string }).code;
}

test("a new era makes every token worth nothing, lets everybody log in again, and leaves the old items to TTL", async () => {
  const first = await deployEra("1");
  await addDemoUsers(first);
  const old = [
    await tokenOf(first, "alice"),
    await tokenOf(first, "bob"),
    await tokenOf(first, "staff"),
    await tokenOf(first, "admin"),
  ];
  const standings = (stack: TestStack) => Promise.all(old.map((token) => standingOf(stack, token)));
  expect(await standings(first)).toEqual(["live", "live", "live", "live"]);

  const second = await deployEra("2");
  expect(await standings(second)).toEqual(Array(4).fill("session_unknown"));
  // Nobody's old session counts, is listed, or stands in a new one's way.
  expect(await sessionCounts(second, ["alice", "bob", "staff"])).toEqual({ alice: 0, bob: 0, staff: 0 });
  const login = await new HttpClient(second.url).login("alice", { deliver: "token" });
  expect(login).toMatchObject({ status: 201, body: { displaced: [] } });
  expect(await standingOf(second, (login.body as { token: string }).token)).toBe("live");
  expect(await sessionCounts(second, ["alice", "bob"])).toEqual({ alice: 1, bob: 0 });
  // An old token's logout is as quiet as any dead one's, and ends nothing.
  const headers = { authorization: `Bearer ${old[0] ?? ""}` };
  expect((await new HttpClient(second.url).call("POST", "/logout", undefined, headers)).status).toBe(204);
  expect(await sessionCounts(second, ["alice"])).toEqual({ alice: 1 });

  const TableName = second.tables["SessionsTableName"];
  const { Items: items = [] } = await testClient().send(new ScanCommand({ TableName }));
  const left = items.filter(({ pk, era }) => String(pk).startsWith("session#") && era === "1");
  expect(left.map(({ userId }) => userId as string).sort()).toEqual(["bob", "staff"]);
  for (const { [TTL_ATTRIBUTE]: ttl, expiresAt } of left)
    expect(ttl).toBe(Math.ceil((expiresAt as number) / 1000));
}, 240_000);

test("an era that comes back brings back what has not expired: hence never the same value twice", async () => {
  const again = await deployEra("3");
  await addDemoUsers(again);
  const token = await tokenOf(again, "bob");
  expect(await standingOf(await deployEra("4"), token)).toBe("session_unknown");
  expect(await standingOf(await deployEra("3"), token)).toBe("live");
}, 240_000);
