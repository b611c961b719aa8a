// Long: started first.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { locate, type Located } from "../../cli/place.ts";
import { CHECKS, runSmoke, type Row, type SmokeOptions } from "../../cli/smoke-run.ts";
import { createUserDirectory } from "../../src/identity/create-user-directory.ts";
import type { UserDirectory } from "../../src/identity/directory.ts";
import { testDatabaseEndpoint } from "../support/database-endpoint.ts";
import { startDynamoDbProxy, type DynamoDbProxy } from "../support/dynamodb-proxy.ts";
import { testClient } from "../support/dynamodb.ts";
import { startTestStack, type TestStack } from "../support/local-stack.ts";
import { startCloudFormation } from "./cloudformation.ts";
import { startRewritingProxy, type PassingAnswer } from "./rewriting-proxy.ts";
import { runCommand, type Finished, type LocalAnswer } from "./run-users.ts";

let proxy: DynamoDbProxy;
let stack: TestStack;
let located: Located;
let directory: UserDirectory;
const open: LocalAnswer[] = [];

beforeAll(async () => {
  proxy = await startDynamoDbProxy(testDatabaseEndpoint());
  stack = await startTestStack({ databaseEndpoint: proxy.endpoint });
  const place = await locate({ kind: "local", port: stack.port });
  located = { ...place, dynamoDb: { ...place.dynamoDb, endpoint: testDatabaseEndpoint() } };
  const tableName = stack.tables["UsersTableName"]!;
  directory = createUserDirectory({ documents: testClient(), tableName, clock: Date.now });
});
afterEach(async () => {
  proxy.interfere(() => undefined);
  for (const each of open.splice(0)) await each.close();
});
afterAll(async () => {
  await stack.stop();
  await proxy.stop();
});

const running = (): AbortSignal => new AbortController().signal;
const named = (word: string) => CHECKS.filter(({ name }) => name.includes(word));
const runHere = (options: Partial<SmokeOptions> = {}, at: Located = located) =>
  runSmoke(at, { signal: running(), ...options });
const outcomes = (rows: readonly Row[]) => Object.fromEntries(rows.map((row) => [row.check, row.outcome]));
const failures = (rows: readonly Row[]) =>
  rows.filter(({ outcome }) => outcome === "failed").map(({ seen }) => seen);
const itemsOf = async (output: string) => {
  const TableName = stack.tables[output]!;
  const { Items = [] } = await testClient().send(new ScanCommand({ TableName }));
  return Items as { pk: string }[];
};

/** The smoke command as a process; `--port` names the stack of this file unless other arguments are given. */
const runProcess = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Finished> =>
  runCommand("cli/smoke.ts", args, { env });

describe("on a stack that is right", () => {
  test("every check passes, and nothing is left but records of endings and a failed attempt of the address", async () => {
    const { rows, left } = await runHere();
    expect(failures(rows)).toEqual([]);
    expect(left).toEqual([]);
    const skipped = rows.filter(({ outcome }) => outcome === "skipped");
    expect(skipped.map(({ seen }) => seen)).toEqual(["name a route behind the authorizer by --protected"]);
    expect(rows).toHaveLength(17);

    expect(await directory.list()).toEqual([]);
    const kinds = (await itemsOf("SessionsTableName")).map(({ pk }) => pk.split("#")[0]);
    expect(new Set(kinds)).toEqual(new Set(["user", "ended"]));
    const signIn = await itemsOf("SignInTableName");
    expect(signIn.map(({ pk }) => pk.split("#").slice(0, 2).join("#"))).toEqual(["failures#address"]);
  });

  test("the command finds a deployed stack, prints a table and ends with 0", async () => {
    const cloudFormation = await startCloudFormation({ prod: { outputs: stack.outputs } });
    open.push(cloudFormation);
    const deployed = ["--stack", "prod", "--region", "eu-central-1"];
    const { code, stdout, stderr } = await runProcess(deployed, {
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: "local",
      AWS_ENDPOINT_URL_CLOUDFORMATION: `http://localhost:${cloudFormation.port}`,
      AWS_ENDPOINT_URL_DYNAMODB: testDatabaseEndpoint(),
      AWS_ENDPOINT_URL_LAMBDA: stack.url,
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/CHECK +│ RESULT +│ SEEN +│ TIME/);
    expect(stdout).toMatch(/│ passed +│ 401 invalid_credentials +│ \d+ ms/);
    expect(stdout).toContain("16 passed, 0 failed, 1 skipped");
    expect(stdout).not.toContain("smoke-check-");
  });
});

describe("on a stack with a mistake in it", () => {
  /** Runs the checks whose names contain `word` through a proxy that changes answers. */
  async function behind(word: string, rewrite: (answer: PassingAnswer) => void): Promise<string[]> {
    const wrong = await startRewritingProxy(stack.url, rewrite);
    open.push(wrong);
    const at = { ...located, lambda: { ...located.lambda, endpoint: wrong.url } };
    const { rows, left } = await runHere({ url: wrong.url, checks: named(word) }, at);
    expect(left).toEqual([]);
    return failures(rows);
  }
  const dropping = (name: string) => (answer: PassingAnswer) => {
    answer.headers = answer.headers.filter(([header]) => header !== name);
  };
  const replacing = (from: RegExp, to: string) => (answer: PassingAnswer) => {
    answer.body = answer.body.replace(from, to);
  };

  test.each([
    [
      "a stripped cache-control",
      "headers",
      dropping("cache-control"),
      "Cache-Control is missing instead of no-store",
    ],
    [
      "a cookie that scripts can read",
      "cookie",
      (answer: PassingAnswer) => {
        answer.headers = answer.headers.map(([name, value]) => [name, value.replace(/; HttpOnly/i, "")]);
      },
      "__Host-session without httponly",
    ],
    ["a swallowed cookie", "login by password", dropping("set-cookie"), "the login gave no token"],
    [
      "a displaced device that stays live",
      "too many",
      (answer: PassingAnswer) => {
        if (answer.path.startsWith("/session?")) answer.status = 200;
      },
      "the first device is live all the same",
    ],
    [
      "a reason that is lost",
      "too many",
      replacing(/"code":"session_displaced"/, '"code":"session_unknown"'),
      "401 session_unknown",
    ],
    [
      "a reason that names no device",
      "too many",
      replacing(/"by":\{[^}]*\}/, '"by":{}'),
      "is told of no device",
    ],
    [
      "an authorizer that says yes to all",
      "refuses an ended",
      replacing(/"isAuthorized":false/, '"isAuthorized":true'),
      "isAuthorized: true",
    ],
    [
      "an authorizer that says no to all",
      "lets a live",
      replacing(/"isAuthorized":true/, '"isAuthorized":false'),
      "isAuthorized: false",
    ],
    [
      "a made-up address that is believed",
      "address",
      replacing(/"address":"[^"]*"/, '"address":"203.0.113.99"'),
      "was believed",
    ],
    [
      "the address of an edge",
      "address",
      replacing(/"address":"[^"]*"/, '"address":"198.51.100.1"'),
      "the first is an edge's",
    ],
    [
      "an administrators' logout that ends nothing",
      "over HTTP",
      replacing(/"sessionCount":1/, '"sessionCount":0'),
      "it ended no session",
    ],
    [
      "a page without its policy",
      "page",
      dropping("content-security-policy"),
      "the page has no policy for scripts",
    ],
    [
      "an API that takes calls of other sites",
      "another site",
      (answer: PassingAnswer) => {
        if (answer.status === 403) answer.status = 204;
      },
      "POST /logout: 204",
    ],
    [
      "a gateway that fails",
      "wrong password",
      (answer: PassingAnswer) => {
        if (answer.path === "/login") Object.assign(answer, { status: 500, body: "{}" });
      },
      "500",
    ],
  ])("%s is reported as failed", async (_, word, rewrite, seen) => {
    const found = await behind(word, rewrite);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(seen);
  });

  test.each([
    ["validate", "GET /session"],
    ["authorize", "authorizer lets"],
  ])("a %s that may not record activity is reported as failed", async (name, word) => {
    proxy.interfere(({ operation }) =>
      operation === "UpdateItem"
        ? { fault: "error", type: "com.amazon.coral.service#AccessDeniedException", status: 400 }
        : undefined,
    );
    // Password logins count attempts by updates as well; with direct logins only the touch is one.
    const withoutDirectory = Object.entries(located).filter(([key]) => !/^(users|signIn)Table$/.test(key));
    const { rows } = await runHere({ checks: named(word) }, Object.fromEntries(withoutDirectory) as never);
    expect(failures(rows)).toEqual([expect.stringContaining(`"touch failed" in the log of ${name}`)]);
  });

  test("an address that is believed at the API's own host alone is reported as failed", async () => {
    const forged = replacing(/"address":"[^"]*"/, '"address":"203.0.113.99"');
    const wrong = await startRewritingProxy(stack.url, forged);
    open.push(wrong);
    const { rows } = await runHere(
      { url: stack.url, checks: named("address") },
      { ...located, apiUrl: wrong.url },
    );
    expect(failures(rows)).toEqual(["an address that the client made up was believed"]);
  });

  test("an API whose own host is closed is none", async () => {
    const closed = await startRewritingProxy(stack.url, (answer) => (answer.status = 403));
    open.push(closed);
    const { rows } = await runHere(
      { url: stack.url, checks: named("address") },
      { ...located, apiUrl: closed.url },
    );
    expect(rows[0]).toMatchObject({ outcome: "passed" });
    expect(rows[0]?.seen).toContain("the API's own host is closed");
  });

  test("a failure ends the command with 1", async () => {
    const wrong = await startRewritingProxy(stack.url, dropping("x-frame-options"));
    open.push(wrong);
    const { code, stdout } = await runProcess([
      ...["--port", String(stack.port), "--url", wrong.url],
      "--json",
    ]);
    expect(code).toBe(1);
    const { rows } = JSON.parse(stdout) as { rows: Row[] };
    expect(failures(rows)).toEqual([expect.stringContaining("X-Frame-Options is missing")]);
  });

  test("a stack that cannot be reached fails each check in words, and leaves nobody behind", async () => {
    const { rows, left } = await runHere({ url: "http://127.0.0.1:9", checks: named("password") });
    expect(failures(rows)).toEqual(Array(2).fill(expect.stringContaining("fetch failed")));
    expect(left).toEqual([]);
    expect(await directory.list()).toEqual([]);
  });
});

describe("when the operator stops it", () => {
  test("the rest is skipped, and what was made is removed", async () => {
    const stop = new AbortController();
    const { rows, left } = await runHere({
      signal: stop.signal,
      onCheck: (name) => {
        if (name.includes("authorizer lets")) setTimeout(() => stop.abort(), 20);
      },
    });
    const seen = rows.map(({ seen }) => seen);
    expect(seen.slice(8)).toEqual(Array(9).fill("stopped"));
    expect(outcomes(rows)).not.toContain("failed");
    expect(left).toEqual([]);
    expect(await directory.list()).toEqual([]);
  });

  test("Ctrl-C ends the command with 130 and leaves nobody behind", async () => {
    const script = join(import.meta.dirname, "../../cli/smoke.ts");
    const child = spawn(process.execPath, [script, "--port", String(stack.port)], { stdio: "pipe" });
    let stdout = "";
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    while ((await directory.list()).length === 0) await sleep(20);
    child.kill("SIGINT");
    const [code] = (await once(child, "close")) as [number | null];
    expect(code).toBe(130);
    expect(stdout).toContain("skipped: stopped");
    expect(await directory.list()).toEqual([]);
  });
});
