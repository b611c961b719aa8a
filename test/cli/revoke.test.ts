import { spawn } from "node:child_process";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { operatorsOutput, runCommand } from "./run-users.ts";
import { testDatabaseEndpoint } from "../support/database-endpoint.ts";

interface Asked {
  readonly userIds: readonly string[];
}
/** What the function answers to the next call, and when. */
let answer: (asked: Asked, response: (body: object) => void) => void;
let calls: Asked[];
let port: string;
let close: () => void;

/** A stack whose administrators' logout answers what a test wants, which the real one rarely does. */
beforeEach(async () => {
  calls = [];
  const stack = { dynamoDbEndpoint: testDatabaseEndpoint(), region: "eu-central-1" };
  const described = JSON.stringify({ ...stack, outputs: { A: operatorsOutput({}) } });
  const reply = (response: ServerResponse, body: string): void => void response.end(body);
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      if (request.method === "GET") {
        reply(response, described);
        return;
      }
      const asked = JSON.parse(body) as Asked;
      calls.push(asked);
      answer(asked, (result) => reply(response, JSON.stringify(result)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  port = String((server.address() as AddressInfo).port);
  close = () => {
    server.closeAllConnections();
    server.close();
  };
});
afterEach(() => close());

const done = (userIds: readonly string[], unfinished: readonly string[] = []) => ({
  loggedOut: userIds.map((userId) => ({ userId, sessionCount: 1 })),
  skipped: [],
  unfinished,
});
const revoke = (...args: string[]) =>
  runCommand("cli/sessions.ts", ["revoke", ...args, "--json", "--port", port]);

test("users for whom the function had no time are sent again", async () => {
  answer = ({ userIds }, respond) =>
    respond(calls.length === 1 ? done(["a"], ["b", "c"]) : done(userIds.slice(0, 1), userIds.slice(1)));
  const { code, stdout } = await revoke("a", "b", "c");
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual(done(["a", "b", "c"]));
  expect(calls.map(({ userIds }) => userIds)).toEqual([["a", "b", "c"], ["b", "c"], ["c"]]);
});

test("those for whom it never has time are named, with exit code 1", async () => {
  answer = ({ userIds }, respond) => respond(done([], userIds));
  const { code, stdout } = await revoke("a", "b");
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toEqual(done([], ["a", "b"]));
  expect(calls).toHaveLength(5);
});

test("when a call fails, what was done before it is told, and everybody else is named", async () => {
  const all = Array.from({ length: 2500 }, (_, index) => `u${index}`);
  const broken = { errorMessage: "no database" };
  answer = ({ userIds }, respond) => {
    if (calls.length === 1) respond(done(userIds));
    else if (calls.length === 2) respond(done(userIds.slice(0, 10), userIds.slice(10)));
    else respond(broken);
  };
  const { code, stdout, stderr } = await revoke(...all);
  expect([code, stderr]).toEqual([1, expect.stringMatching(/^error: The function refused: .*no database/)]);
  expect(JSON.parse(stdout)).toEqual(done(all.slice(0, 1010), all.slice(1010)));
});

test("when the first call fails, nothing was done, and that is all that is said", async () => {
  answer = (_, respond) => respond({ errorMessage: "no database" });
  const { code, stdout, stderr } = await revoke("a", "b");
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toContain("no database");
});

test("after Ctrl-C the call under way is waited for, no more is begun, and who is left is named", async () => {
  const all = Array.from({ length: 1001 }, (_, index) => `u${index}`);
  const args = ["cli/sessions.ts", "revoke", ...all, "--json", "--port", port];
  const child = spawn(process.execPath, args);
  let stdout = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  const closed = new Promise<number | null>((resolve) => child.once("close", resolve));
  answer = ({ userIds }, respond) => {
    child.kill("SIGINT");
    setTimeout(() => respond(done(userIds)), 300);
  };
  expect(await closed).toBe(130);
  const { loggedOut, unfinished } = JSON.parse(stdout) as ReturnType<typeof done>;
  expect(loggedOut).toHaveLength(1000);
  expect(unfinished).toEqual(["u1000"]);
  expect(calls).toHaveLength(1);
});
