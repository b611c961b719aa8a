import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { USER_RULE, waitAfter } from "../../src/identity/throttle-rules.ts";
import { testClient } from "../support/dynamodb.ts";
import { addDemoUsers, HttpClient, type Answer } from "../support/http-client.ts";
import { startTestStack, type TestStack } from "../support/local-stack.ts";

/**
 * Each is a function instance of its own here; `test/functions/login-throttle.test.ts` has a hundred at once,
 * in one process.
 */
const AT_ONCE = 24;
const WRONG = "wrong-wrong-wrong";

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
  await addDemoUsers(stack);
});
afterAll(() => stack.stop());

const guess = (username: string): Promise<Answer> =>
  new HttpClient(stack.url).login(username, { password: WRONG });

/**
 * How many passwords the rule lets be checked within a time: the free ones, and on a slow machine one for
 * each wait that passed.
 */
function mostWithin(elapsedMs: number): number {
  let most = USER_RULE.freeAttempts;
  for (let left = elapsedMs; (left -= waitAfter(USER_RULE, most)) >= 0;) most++;
  return most;
}

test("guesses at once get the free attempts; a device that the user signed in on before gets in all the same", async () => {
  const laptop = new HttpClient(stack.url);
  expect((await laptop.login("alice")).status).toBe(201);
  await laptop.logout();

  const startedAt = performance.now();
  const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => guess("alice")));
  const most = mostWithin(performance.now() - startedAt);
  // 401 is answered after a check only, 429 before any.
  const checked = answers.filter(({ status }) => status === 401);
  const throttled = answers.filter(({ status }) => status === 429);
  expect(checked.length + throttled.length).toBe(AT_ONCE);
  expect(checked.length).toBeGreaterThanOrEqual(USER_RULE.freeAttempts);
  expect(checked.length).toBeLessThanOrEqual(most);
  for (const { headers, body } of throttled) {
    expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
    expect(Number(headers.get("retry-after"))).toBeLessThanOrEqual(waitAfter(USER_RULE, most) / 1000);
    expect(body).toMatchObject({ code: "too_many_attempts", status: 429 });
  }

  expect((await new HttpClient(stack.url).login("alice")).status).toBe(429);
  expect((await laptop.login("alice")).status).toBe(201);
  // The device is alice's only, and it is the guessed name only that is throttled.
  for (let count = 0; count < 10; count++) await guess("bob");
  expect((await laptop.login("bob")).status).toBe(429);
  expect((await new HttpClient(stack.url).login("staff")).status).toBe(201);
}, 180_000);

test("neither the table nor a log line says who was guessed at, or from where", async () => {
  await guess("hunter2-typed-as-a-name");
  const { SignInTableName: TableName } = stack.tables;
  const { Items: items = [] } = await testClient().send(new ScanCommand({ TableName }));
  const kinds = new Set(items.map(({ pk }) => String(pk).split("#").slice(0, -1).join("#")));
  expect([...kinds]).toEqual(expect.arrayContaining(["failures#user", "failures#address"]));
  const written = JSON.stringify(items) + stack.logLines.map(({ line }) => line).join("\n");
  expect(written).toContain("too_many_attempts");
  expect(written).not.toMatch(/hunter2|127\.0\.0\.1|__Host-device/);
});
