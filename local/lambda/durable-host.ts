import { setTimeout as sleep } from "node:timers/promises";
import {
  InvocationStatus,
  type DurableExecutionClient,
  type DurableExecutionInvocationInput,
  type DurableExecutionInvocationOutput,
  type WireOperation,
} from "@aws/durable-execution-sdk-js";
import type * as Package from "@aws/durable-execution-sdk-js-testing";
import { LocalStackError } from "../errors.ts";
import type { GatewayRequest } from "../gateway/gateway-request.ts";
import type { GatewayResponse } from "../gateway/proxy-response.ts";
import type { LogLine } from "./function-instance.ts";
import type { FunctionRunner } from "./function-runner.ts";

/**
 * Runs durable functions as Lambda does: AWS's own local runner keeps what an execution has written down and
 * says when the function is invoked next, and the deployed bundle runs in its thread as ever, and writes down
 * its progress by Lambda's API. What the local runner does not know is a function that dies: it is invoked
 * again here, with what was written down so far, as Lambda does.
 *
 * Executions are in memory, and end with the local stack.
 */
export interface DurableHost {
  /**
   * Starts an execution; one with the same name is not started again.
   * @returns its ARN, and what will come of it.
   * @throws LocalStackError where AWS's local runner is not installed.
   */
  start(runner: FunctionRunner, payload: string, name: string): Promise<StartedExecution>;
  /** Lambda's API by which a running function writes down its progress, and reads it. */
  answer(request: GatewayRequest): Promise<GatewayResponse>;
  stop(): Promise<void>;
}

export interface StartedExecution {
  readonly arn: string;
  readonly ended: Promise<unknown>;
}

const EXECUTION_PATH = /^\/2025-12-01\/durable-executions\/([^/]+)\/(checkpoint|state)$/;

/** Whether a request is of Lambda's API for running durable functions. */
export const isDurableRequest = ({ encodedPath }: GatewayRequest): boolean =>
  EXECUTION_PATH.test(encodedPath);

/** What the local runner hands to the function it drives: the event, and where its progress goes. */
type DrivenEvent = DurableExecutionInvocationInput & {
  readonly durableExecutionClient: DurableExecutionClient;
};

/** A host of durable functions. */
export function createDurableHost(log: (line: LogLine) => void): DurableHost {
  const clients = new Map<string, DurableExecutionClient>();
  const executions = new Map<string, Promise<StartedExecution>>();
  let stopped = false;
  let isSetUp = false;

  /** One invocation, as often as it takes until the function answers. */
  async function invoke(
    runner: FunctionRunner,
    event: DrivenEvent,
  ): Promise<DurableExecutionInvocationOutput> {
    const { DurableExecutionArn, CheckpointToken, UpdatedOperationIds, durableExecutionClient } = event;
    let operations: readonly WireOperation[] = event.InitialExecutionState.Operations;
    for (let attempt = 1; ; attempt++) {
      const InitialExecutionState = { Operations: operations, NextMarker: "" };
      const result = await runner.invoke(
        JSON.stringify({ DurableExecutionArn, CheckpointToken, UpdatedOperationIds, InitialExecutionState }),
      );
      if (result.outcome === "answered")
        return JSON.parse(result.payload) as DurableExecutionInvocationOutput;
      if (stopped) return failed("The local stack has stopped");
      const { errorType, errorMessage } = result.fault;
      const line = `a durable execution's invocation failed (${errorType}: ${errorMessage}); it goes on`;
      log({ functionName: runner.model.name, stream: "stderr", line });
      await sleep(Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt), undefined, { ref: false });
      const state = await durableExecutionClient.getExecutionState({ DurableExecutionArn, CheckpointToken });
      operations = state.Operations ?? [];
    }
  }

  async function run(runner: FunctionRunner, payload: string): Promise<StartedExecution> {
    const { LocalDurableTestRunner } = await localRunner();
    if (!isSetUp) await setUp();
    isSetUp = true;
    return new Promise((resolve, reject) => {
      const local = new LocalDurableTestRunner({
        handlerFunction: (event) => {
          const driven = event as DrivenEvent;
          clients.set(driven.DurableExecutionArn, driven.durableExecutionClient);
          resolve({ arn: driven.DurableExecutionArn, ended });
          return invoke(runner, driven);
        },
      });
      const ended = local.run({ payload: JSON.parse(payload) as unknown });
      ended.catch(reject);
    });
  }

  return {
    start(runner, payload, name) {
      const started = executions.get(name) ?? run(runner, payload);
      executions.set(name, started);
      return started;
    },

    async answer({ encodedPath, method, body }) {
      const [, arn = "", what] = EXECUTION_PATH.exec(encodedPath) ?? [];
      const DurableExecutionArn = decodeURIComponent(arn);
      const client = clients.get(DurableExecutionArn);
      if (client === undefined) return json(404, { message: `Durable execution not found: ${arn}` });
      if (what === "state" && method === "GET") {
        return json(200, await client.getExecutionState({ DurableExecutionArn, CheckpointToken: undefined }));
      }
      const request = JSON.parse(body.toString("utf8")) as { readonly CheckpointToken: string };
      return json(200, await client.checkpoint({ ...request, DurableExecutionArn }));
    },

    async stop() {
      stopped = true;
      if (isSetUp) await tearDown();
      isSetUp = false;
    },
  };
}

const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 5000;

const failed = (message: string): DurableExecutionInvocationOutput => ({
  Status: InvocationStatus.FAILED,
  Error: { ErrorMessage: message },
});

/** As Lambda's API has it: times are epoch seconds. */
function json(status: number, value: unknown): GatewayResponse {
  return {
    status,
    headers: [["content-type", "application/json"]],
    body: Buffer.from(JSON.stringify(toWire(value))),
  };
}

function toWire(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1000;
  if (Array.isArray(value)) return value.map(toWire);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toWire(item)]));
}

/** People's own apps have the package only where they run jobs here. */
async function localRunner(): Promise<typeof Package> {
  try {
    return await import("@aws/durable-execution-sdk-js-testing");
  } catch {
    throw new LocalStackError(
      "The package @aws/durable-execution-sdk-js-testing is not installed; it has AWS's local runner of durable functions in " +
        "it, which jobs need. Install it: npm install --save-dev @aws/durable-execution-sdk-js-testing.",
    );
  }
}

/** The local runner has one environment for a whole process; several stacks may run in one. */
let hosts = 0;

async function setUp(): Promise<void> {
  hosts += 1;
  const { LocalDurableTestRunner } = await localRunner();
  if (hosts === 1) await LocalDurableTestRunner.setupTestEnvironment({ skipTime: false });
}

async function tearDown(): Promise<void> {
  hosts -= 1;
  const { LocalDurableTestRunner } = await localRunner();
  if (hosts === 0) await LocalDurableTestRunner.teardownTestEnvironment();
}
