import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addDemoUsers, HttpClient } from "../support/http-client.ts";
import { startTestStack, type TestStack } from "../support/local-stack.ts";

const WITHIN_SECONDS = 10;

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack({
    context: { reauthWithin: `${WITHIN_SECONDS}s`, singleUserSession: "false", logoutAllSessions: "false" },
  });
  await addDemoUsers(stack);
});
afterAll(() => stack.stop());

test("ending other sessions needs a fresh login once reauthWithin has passed; ending one's own never does", async () => {
  const [laptop, phone] = [new HttpClient(stack.url), new HttpClient(stack.url)];
  const other = await phone.login("alice");
  const mine = await laptop.login("alice");
  const createdAt = Date.parse((mine.body as { session: { createdAt: string } }).session.createdAt);
  const idOf = (answer: { body: unknown }) => (answer.body as { session: { id: string } }).session.id;
  await sleep(Math.max(0, createdAt + WITHIN_SECONDS * 1000 - Date.now()) + 50);

  for (const path of [`/sessions/${idOf(other)}`, "/sessions"])
    expect(await laptop.call("DELETE", path)).toMatchObject({
      status: 403,
      body: { code: "reauthentication_required", reauthWithin: WITHIN_SECONDS },
    });
  expect((await phone.session()).status).toBe(200);

  // Logging in again is all that is asked for.
  const fresh = await laptop.login("alice");
  expect((await laptop.call("DELETE", `/sessions/${idOf(other)}`)).status).toBe(204);
  expect((await phone.session()).body).toMatchObject({ code: "session_logged_out" });
  await sleep(WITHIN_SECONDS * 1000);
  expect((await laptop.call("DELETE", `/sessions/${idOf(fresh)}`)).status).toBe(204);
  expect((await laptop.session()).status).toBe(401);
}, 180_000);
