import { spawn } from "node:child_process";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { SessionEvent } from "../../src/outbox/events.ts";
import { createSessionsTable } from "../support/dynamodb.ts";
import { addDemoUsers, HttpClient } from "../support/http-client.ts";
import { startTestStack, type TestStack } from "../support/local-stack.ts";
import { localStack, runCommand } from "./run-users.ts";

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
  await addDemoUsers(stack);
});
afterAll(() => stack.stop());

const port = () => ["--port", String(stack.port)];
const tail = (...args: string[]) => runCommand("cli/sessions.ts", ["tail", ...args, ...port()]);

test("what the stream still has is told as the outbox tells it, of one user or kind where asked", async () => {
  const [first, second] = [new HttpClient(stack.url), new HttpClient(stack.url)];
  await first.login("alice");
  await second.login("alice");
  await second.logout();
  await first.login("bob");
  const { code, stdout } = await tail("--from-start", "--seconds", "2", "--json", "--user", "alice");
  expect(code).toBe(0);
  const events = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as SessionEvent);
  const told = events.map((event) => [event.kind, event.kind === "ended" ? event.reason : ""]);
  // The two of the displacing login are changes of different keys, and have no order.
  expect(told.sort()).toEqual([
    ["ended", "displaced"],
    ["ended", "logged_out"],
    ["started", ""],
    ["started", ""],
  ]);
  const ended = await tail("--from-start", "--seconds", "2", "--kind", "ended", "--user", "alice");
  expect(ended.stdout).toMatch(/^\S+Z {2}ended {2}alice {2}\S{43} {2}.* {2}displaced {2}by .*\n.*logged_out/);
});

test("what happens from now on is shown within seconds, and Ctrl-C ends it with 0", async () => {
  const child = spawn(process.execPath, ["cli/sessions.ts", "tail", ...port()]);
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const closed = new Promise<number | null>((resolve) => child.once("close", resolve));
  await expect.poll(() => stderr, { timeout: 60_000 }).toContain("Following");
  await new HttpClient(stack.url).login("staff");
  await expect.poll(() => stdout, { timeout: 60_000 }).toMatch(/^\S+Z {2}started {2}staff /);
  child.kill("SIGINT");
  expect(await closed).toBe(0);
  // Nothing of before it began.
  expect(stdout.trim().split("\n")).toHaveLength(1);
});

test("a table without a stream is named, with what to do", async () => {
  const sessionsTable = await createSessionsTable();
  const other = await localStack({ sessionsTable });
  const { code, stderr } = await runCommand("cli/sessions.ts", ["tail", "--port", String(other.port)]);
  await other.close();
  expect(code).toBe(1);
  expect(stderr).toContain("has no stream");
});
