import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startTestStack, type TestStack } from "../support/local-stack.ts";

let stack: TestStack;
beforeAll(async () => {
  process.env["NOT_THE_FUNCTIONS"] = "secret of the developer's shell";
  stack = await startTestStack({
    app: "test/local/fixture-app.ts",
    context: { variant: "plain" },
    environment: { EXTRA: "given" },
  });
});
afterAll(async () => {
  delete process.env["NOT_THE_FUNCTIONS"];
  await stack.stop();
});

const act = async (event: object): Promise<unknown> => {
  const result = await stack.invoke("act", event);
  return result.outcome === "answered" ? result.answer : result.fault;
};

const runFile = promisify(execFile);
/**
 * Version 1 sends payloads as they are; version 2 wants to be told to. `undefined` where there is no AWS CLI.
 */
const payloadFlags = await runFile("aws", ["--version"]).then(
  ({ stdout, stderr }) =>
    (stdout + stderr).startsWith("aws-cli/1.") ? [] : ["--cli-binary-format", "raw-in-base64-out"],
  () => undefined,
);

describe("a function's world", () => {
  test("its environment is the template's and Lambda's, and nothing of this process", async () => {
    const environment = (await act({ do: "environment" })) as Record<string, string>;
    const table = stack.tables["ThingsTableName"] ?? "";
    expect(environment).toMatchObject({
      TABLE: table,
      TABLE_ARN: `arn:aws:dynamodb:${stack.region}:000000000000:table/${table}`,
      API: stack.url,
      EXTRA: "given",
      AWS_REGION: stack.region,
      AWS_LAMBDA_FUNCTION_NAME: "act",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "256",
      AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
      AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
      AWS_ENDPOINT_URL_DYNAMODB: stack.databaseEndpoint,
    });
    expect(environment).not.toHaveProperty("NOT_THE_FUNCTIONS");
    expect(environment).not.toHaveProperty("PATH");
  });

  test("its context is one of Lambda's", async () => {
    expect(await act({ do: "context" })).toMatchObject({
      awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown,
      functionName: "act",
      invokedFunctionArn: `arn:aws:lambda:${stack.region}:000000000000:function:act`,
      memoryLimitInMB: "256",
      remaining: expect.toSatisfy((ms: number) => ms > 1000 && ms <= 2000) as unknown,
    });
  });

  test("what it writes reaches the log with its name", async () => {
    await act({ do: "log" });
    await vi.waitFor(() => {
      expect(stack.logLines).toEqual(
        expect.arrayContaining([
          { functionName: "act", stream: "stdout", line: "to the log" },
          { functionName: "act", stream: "stderr", line: "to the error log" },
        ]),
      );
    });
  });

  test("an idle instance is used again, and simultaneous invocations overlap in instances of their own", async () => {
    const together = () => Promise.all([1, 2, 3].map(() => act({ do: "sleep", ms: 600 })));
    // Loading three bundles may take longer than the invocations: the second time they are there.
    await together();
    const started = stack.invocations.length;
    await together();
    const records = stack.invocations.slice(started);
    expect(records).toHaveLength(3);
    const lastStart = Math.max(...records.map(({ startedAt }) => startedAt));
    const firstEnd = Math.min(...records.map(({ endedAt }) => endedAt));
    expect(lastStart).toBeLessThan(firstEnd);
    const { invocationsOfThisInstance } = (await act({})) as { invocationsOfThisInstance: number };
    expect(invocationsOfThisInstance).toBeGreaterThan(1);
  });
});

describe("a fault", () => {
  test("a throw is described, and the instance goes on", async () => {
    expect(await act({ do: "throw" })).toMatchObject({
      errorType: "RangeError",
      errorMessage: "out of range",
    });
    expect(await act({ do: "throw-text" })).toEqual({ errorType: "string", errorMessage: "just text" });
    expect(await act({ a: 1 })).toMatchObject({ event: { a: 1 } });
  });

  test("a handler past its timeout is ended", async () => {
    const started = Date.now();
    expect(await act({ do: "sleep", ms: 30_000 })).toMatchObject({
      errorMessage: expect.stringContaining("Task timed out after 2.00 seconds") as unknown,
    });
    expect(Date.now() - started).toBeLessThan(15_000);
    expect(await act({})).toHaveProperty("invocationsOfThisInstance");
  });

  test("an exit and a crash in the background are faults of the invocation, and the next one gets a fresh instance", async () => {
    expect(await act({ do: "exit" })).toMatchObject({ errorType: "Runtime.ExitError" });
    expect(await act({ do: "crash" })).toMatchObject({ errorMessage: "in the background" });
    expect(await act({ do: "nothing" })).toBeNull();
  });

  test("a bundle that does not load is a fault of every invocation", async () => {
    for (let round = 0; round < 2; round += 1) {
      expect(await stack.invoke("act-unloadable", {})).toMatchObject({
        outcome: "fault",
        fault: { errorType: "TypeError", errorMessage: "cannot load" },
      });
    }
  });
});

const invokeUrl = (name: string) => `${stack.url}/2015-03-31/functions/${name}/invocations`;
const post = (name: string, body: string, headers: Record<string, string> = {}) =>
  fetch(invokeUrl(name), { method: "POST", body, headers });

describe("Lambda's Invoke", () => {
  test("an answer comes with the executed version", async () => {
    const response = await post("act", '{"a":1}');
    expect(response.status).toBe(200);
    expect(response.headers.get("x-amz-executed-version")).toBe("$LATEST");
    expect(response.headers.get("x-amz-function-error")).toBeNull();
    expect(await response.json()).toMatchObject({ event: { a: 1 } });
  });

  test("a fault is a 200 with the error's header", async () => {
    const response = await post("act", '{"do":"throw"}');
    expect([response.status, response.headers.get("x-amz-function-error")]).toEqual([200, "Unhandled"]);
    expect(await response.json()).toMatchObject({ errorType: "RangeError", errorMessage: "out of range" });
  });

  test("Event is accepted and runs, DryRun does not run", async () => {
    const before = stack.invocations.length;
    const dry = await post("act", "{}", { "x-amz-invocation-type": "DryRun" });
    const event = await post("act", "{}", { "x-amz-invocation-type": "Event" });
    expect([dry.status, event.status]).toEqual([204, 202]);
    await vi.waitFor(() => {
      expect(stack.invocations.length).toBe(before + 1);
    });
  });

  test("Event that fails is a line in the log, since nobody reads the answer", async () => {
    const event = await post("act", '{"do":"throw"}', { "x-amz-invocation-type": "Event" });
    expect(event.status).toBe(202);
    await vi.waitFor(() => {
      expect(stack.logLines).toContainEqual({
        functionName: "act",
        stream: "stderr",
        line: expect.stringContaining("asynchronous invocation failed (RangeError: out of range)") as string,
      });
    });
  });

  test("an ARN and an empty payload are taken", async () => {
    const arn = `arn:aws:lambda:${stack.region}:000000000000:function:act:$LATEST`;
    const response = await post(encodeURIComponent(arn), "");
    expect(await response.json()).toMatchObject({ event: {} });
  });

  test("a function that does not exist, and a payload that is no JSON, are Lambda's errors", async () => {
    const unknown = await post("nobody", "{}");
    expect(unknown.status).toBe(404);
    expect(unknown.headers.get("x-amzn-errortype")).toBe("ResourceNotFoundException");
    const broken = await post("act", "{");
    expect(broken.headers.get("x-amzn-errortype")).toBe("InvalidRequestContentException");
  });

  test.each([{ origin: "https://evil.test" }, { "sec-fetch-site": "cross-site" }])(
    "what a web page sends (%o) is refused",
    async (headers) => {
      const before = stack.invocations.length;
      expect((await post("act", "{}", headers)).status).toBe(403);
      expect((await fetch(`${stack.url}/_local/stack`, { headers })).status).toBe(403);
      expect(stack.invocations.length).toBe(before);
    },
  );

  test.skipIf(payloadFlags === undefined)(
    "the AWS CLI invokes a function and writes its answer",
    async () => {
      const folder = await mkdtemp(join(tmpdir(), "aws-cli-"));
      const out = join(folder, "out.json");
      try {
        const where = ["--endpoint-url", stack.url, "--region", stack.region];
        const what = ["--function-name", "act", "--payload", '{"a":"ä"}', ...(payloadFlags ?? [])];
        const { stdout } = await runFile(
          "aws",
          ["lambda", "invoke", ...where, ...what, "--output", "json", out],
          { env: { ...process.env, AWS_ACCESS_KEY_ID: "local", AWS_SECRET_ACCESS_KEY: "local" } },
        );
        expect(JSON.parse(stdout)).toEqual({ StatusCode: 200, ExecutedVersion: "$LATEST" });
        expect(JSON.parse(await readFile(out, "utf8"))).toMatchObject({ event: { a: "ä" } });
      } finally {
        await rm(folder, { recursive: true });
      }
    },
  );
});

test("the stack says what it is", async () => {
  const response = await fetch(`${stack.url}/_local/stack`);
  expect(await response.json()).toEqual({
    stackName: "Fixture",
    dynamoDbEndpoint: stack.databaseEndpoint,
    region: stack.region,
    outputs: { ApiUrl: `${stack.url}/`, ThingsTableName: stack.tables["ThingsTableName"] },
  });
});
