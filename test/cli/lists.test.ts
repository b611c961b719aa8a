// Long: started first.
import { spawn } from "node:child_process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addDemoUsers, HttpClient } from "../support/http-client.ts";
import { startTestStack, type TestStack } from "../support/local-stack.ts";
import { runCommand, type Finished } from "./run-users.ts";

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack({ context: { console: "false", events: "false" } });
  await addDemoUsers(stack);
});
afterAll(() => stack.stop());

const run = (input: string, ...args: string[]): Promise<Finished> =>
  runCommand("cli/sessions.ts", [...args, "--port", String(stack.port)], { input });
const SOME_JOB = "20300101T000000-000000000000";
const revoke = (list: string, ...args: string[]): Promise<Finished> =>
  run(list, "revoke", "--file", "-", ...args);

async function signIn(username: string): Promise<HttpClient> {
  const client = new HttpClient(stack.url);
  expect((await client.login(username)).status).toBe(201);
  return client;
}
const statusOf = async (client: HttpClient): Promise<number> => (await client.session()).status;
const idIn = ({ stdout }: Finished): string => /\d{8}T\d{6}-[0-9a-f]{12}/.exec(stdout)?.[0] ?? "";

test("a list is logged out, its administrators skipped, and each user's outcome told", async () => {
  const [alice, admin] = [await signIn("alice"), await signIn("admin")];
  const dry = await revoke("alice\nadmin\nnobody\n", "--dry-run");
  expect(dry.stdout).toMatch(/^Job \S+ is finished: 3 of 3 users done.\nIt would log out 1 user, and end 1/);
  expect([await statusOf(alice), await statusOf(admin)]).toEqual([200, 200]);

  const done = await revoke("alice\nadmin\nnobody\n", "--reason", "leaked", "--actor", "carol");
  expect(done.code).toBe(0);
  expect(done.stdout.split("\n").slice(1)).toEqual([
    "Logged out 1 user, and ended 1 session.",
    "Skipped, as administrators: 1 user. A new list with --include-admins logs them out too.",
    "Unknown, which means that no live session was found: 1 user.",
    "",
  ]);
  expect([await statusOf(alice), await statusOf(admin)]).toEqual([401, 200]);

  const told = await run("", "jobs", idIn(done), "--outcomes");
  expect(told).toMatchObject({
    code: 0,
    stdout: "alice\tlogged-out\t1\nadmin\tskipped\t0\nnobody\tunknown\t0\n",
  });
  const shown = JSON.parse((await run("", "jobs", idIn(done), "--json")).stdout) as object;
  expect(shown).toMatchObject({
    state: "finished",
    actor: "carol",
    reason: "leaked",
    unfinished: 0,
    runs: 1,
  });
  const listed = (await run("", "jobs")).stdout.split("\n");
  expect(listed[1]).toContain(`${idIn(done)}  finished`);
  expect(listed[2]).toContain("finished (dry run)");

  await revoke("admin\n", "--include-admins");
  expect(await statusOf(admin)).toBe(401);
  const audited = stack.logLines.flatMap(({ line }) => (line.includes('"log_out_list"') ? [line] : []));
  expect(audited.filter((line) => line.includes('"reason":"leaked"'))).toHaveLength(2);
});

test("outcomes show no control characters, and end quietly where nobody reads on", async () => {
  const users = ["a\u001b[31mred", ...Array.from({ length: 5000 }, (_, index) => `user-${index}`)];
  const id = idIn(await revoke(users.join("\n"), "--rate", "10000"));
  const args = ["cli/sessions.ts", "jobs", id, "--outcomes", "--port", String(stack.port)];
  const child = spawn(process.execPath, args);
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const first = new Promise<string>((resolve) =>
    child.stdout.once("data", (chunk: Buffer) => {
      child.stdout.destroy();
      resolve(chunk.toString());
    }),
  );
  const closed = new Promise((resolve) => child.once("close", resolve));
  expect((await first).split("\n")[0]).toBe("a\\u{1b}[31mred\tunknown\t0");
  expect([await closed, stderr]).toEqual([0, ""]);
});

test("a line that is no user id is named, and nothing is begun", async () => {
  const bob = await signIn("bob");
  const { code, stderr } = await revoke("bob\n carol\n");
  expect(code).toBe(2);
  expect(stderr).toContain('line 2: " carol" must not begin or end with white space');
  expect(await statusOf(bob)).toBe(200);
});

test.each([
  [["revoke"], /in one way: user ids, --file, --attach or --resume/],
  [["revoke", "alice", "--file", "-"], /in one way/],
  [["revoke", "alice", "--rate", "100"], /--rate is for a list/],
  [["revoke", "--file", "-", "--rate", "5"], /whole number from 10 to 10000/],
  [["revoke", "--attach", "x"], /A job's id is as 20/],
  [["revoke", "--resume", SOME_JOB, "--dry-run"], /--dry-run belongs to the job.* when it began/],
  [["revoke", "--resume", SOME_JOB, "--include-admins"], /--include-admins belongs to the job/],
  [["revoke", "--attach", SOME_JOB, "--rate", "50"], /--rate belongs to the job/],
  [["revoke", "--attach", SOME_JOB, "--reason", "x"], /--reason belongs to the job/],
  [["revoke", "--resume", SOME_JOB, "--actor", "carol"], /--actor belongs to the job/],
])("%j is a wrong call", async (args, message) => {
  expect(await run("alice\n", ...args)).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(message) as unknown,
  });
});

test("a job that is not there is said to be so", async () => {
  const { code, stderr } = await run("", "revoke", "--resume", SOME_JOB);
  expect([code, stderr]).toEqual([1, expect.stringContaining(`There is no job ${SOME_JOB}`)]);
});

test("after Ctrl-C the job goes on, can be watched again, and resuming what is finished does nothing", async () => {
  const users = Array.from({ length: 60 }, (_, index) => `user-${index}`);
  const child = spawn(process.execPath, [
    ...["cli/sessions.ts", "revoke", "--file", "-", "--rate", "10"],
    ...["--port", String(stack.port)],
  ]);
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
    if (stderr.includes("has begun")) child.kill("SIGINT");
  });
  child.stdin.end(users.join("\n"));
  const code = await new Promise((resolve) => child.once("close", resolve));
  expect(code).toBe(130);
  expect(stdout).toMatch(/The job goes on by itself. Watch it again: sessions revoke --attach \d{8}T/);

  const id = idIn({ stdout, stderr, code: 130 });
  const attached = await run("", "revoke", "--attach", id);
  expect(attached).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("60 of 60 users done") as unknown,
  });
  expect((await run("", "revoke", "--resume", id)).code).toBe(0);
  expect(JSON.parse((await run("", "jobs", id, "--json")).stdout)).toMatchObject({ runs: 1, unknown: 60 });
});
