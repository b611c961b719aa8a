import { randomUUID } from "node:crypto";
import { devNull } from "node:os";
import {
  startInstance,
  type FunctionInstance,
  type InvocationResult,
  type LogLine,
} from "./function-instance.ts";
import type { FunctionModel } from "../model/function-model.ts";
import type { Reroute } from "../provider/rerouted.ts";
import { functionArn } from "../model/resource.ts";

/** One invocation of a function, for tests that must know which ran at the same time. */
export interface InvocationRecord {
  readonly functionName: string;
  readonly awsRequestId: string;
  /** When the handler was called, in epoch milliseconds with fractions; loading the bundle comes before. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly outcome: InvocationResult["outcome"];
}

export interface RunnerOptions {
  readonly region: string;
  readonly databaseEndpoint: string;
  /** Where Lambda, EventBridge and SQS answer. */
  readonly serviceEndpoint: string;
  /** Variables beside the template's own; they win over those. */
  readonly environment: Readonly<Record<string, string>>;
  /** The same for one function; they win over all. */
  readonly environmentOf?: ((model: FunctionModel) => Readonly<Record<string, string>>) | undefined;
  readonly log: (line: LogLine) => void;
  readonly onInvocation: (record: InvocationRecord) => void;
  /** The lab's, which moves the functions' clock. */
  readonly clockOffset?: SharedArrayBuffer | undefined;
  /** Addresses of identity providers that are answered on this machine. */
  readonly reroutes?: readonly Reroute[];
}

/** Runs the invocations of one function. */
export interface FunctionRunner {
  readonly model: FunctionModel;
  readonly arn: string;
  /** @param payload JSON. Never rejects: a fault is an outcome. */
  invoke(payload: string): Promise<InvocationResult>;
  /**
   * Lambda's asynchronous invocation, without its two more tries and its failure destination: a failure is a
   * line in the log.
   */
  invokeLater(payload: string): void;
  /** Ends what runs now, as a crash does. Later invocations get fresh instances. */
  crash(): Promise<void>;
  /** Later invocations load the code anew; what runs now is answered as it would have been. */
  renew(): void;
  /** Ends all instances; what they were doing is answered as a fault. */
  stop(): Promise<void>;
}

/**
 * Threads at once for one function. Lambda would start a thousand; more than this one machine only slows
 * itself.
 */
export const MOST_INSTANCES = 64;

/**
 * A function's instances: one invocation at a time each, as many as there are concurrent invocations, idle
 * ones used again (the last used first), a fresh one after a crash or a timeout. Beyond {@link
 * MOST_INSTANCES} invocations wait their turn. Unlike on Lambda, what a handler leaves running goes on after
 * its answer.
 */
export function createFunctionRunner(model: FunctionModel, options: RunnerOptions): FunctionRunner {
  const arn = functionArn(options.region, model.name);
  const environment = {
    ...lambdaEnvironment(model, options),
    ...model.environment,
    // The template names AWS's.
    AWS_ENDPOINT_URL_DYNAMODB: options.databaseEndpoint,
    AWS_ENDPOINT_URL_LAMBDA: options.serviceEndpoint,
    AWS_ENDPOINT_URL_EVENTBRIDGE: options.serviceEndpoint,
    AWS_ENDPOINT_URL_SQS: options.serviceEndpoint,
    // Of every other service: no call leaves this machine unless its endpoint is set.
    AWS_ENDPOINT_URL: options.serviceEndpoint,
    ...options.environment,
    ...options.environmentOf?.(model),
  };
  const all = new Set<FunctionInstance>();
  const idle: FunctionInstance[] = [];
  const waiting: ((instance: FunctionInstance) => void)[] = [];
  /** Those that have code of before. */
  const outdated = new WeakSet<FunctionInstance>();
  let running = 0;
  let stopped = false;

  function startOne(): FunctionInstance {
    const instance = startInstance(model, environment, options);
    all.add(instance);
    return instance;
  }

  function acquire(): FunctionInstance | Promise<FunctionInstance> {
    for (let instance = idle.pop(); instance !== undefined; instance = idle.pop()) {
      if (instance.isUsable()) return instance;
      all.delete(instance);
    }
    if (all.size < MOST_INSTANCES) return startOne();
    return new Promise((resolve) => waiting.push(resolve));
  }

  function release(instance: FunctionInstance): void {
    if (outdated.has(instance)) void instance.stop();
    if (!instance.isUsable()) all.delete(instance);
    const next = waiting.shift();
    if (next !== undefined) next(instance.isUsable() || stopped ? instance : startOne());
    else if (instance.isUsable()) idle.push(instance);
  }

  async function run(instance: FunctionInstance, payload: string): Promise<InvocationResult> {
    const loading = await instance.loaded;
    if (loading !== "loaded") return loading;
    const awsRequestId = randomUUID();
    const startedAt = now();
    const result = await instance.invoke(
      {
        awsRequestId,
        functionName: model.name,
        invokedFunctionArn: arn,
        memoryLimitInMB: String(model.memoryMegabytes),
      },
      payload,
    );
    const { outcome } = result;
    options.onInvocation({ functionName: model.name, awsRequestId, startedAt, endedAt: now(), outcome });
    return result;
  }

  async function invoke(payload: string): Promise<InvocationResult> {
    if (stopped) return STOPPED;
    if (running >= (model.reservedConcurrency ?? Infinity)) return THROTTLED;
    running++;
    try {
      const instance = await acquire();
      try {
        return await run(instance, payload);
      } finally {
        release(instance);
      }
    } finally {
      running--;
    }
  }

  async function logFailure(payload: string): Promise<void> {
    const result = await invoke(payload);
    if (result.outcome === "answered" || stopped) return;
    const { errorType, errorMessage } = result.fault;
    const line =
      `an asynchronous invocation failed (${errorType}: ${errorMessage}); on AWS it would be tried twice more, and then go to ` +
      "the failure destination";
    options.log({ functionName: model.name, stream: "stderr", line });
  }

  return {
    model,
    arn,
    invoke,
    invokeLater: (payload) => void logFailure(payload),
    async crash() {
      await Promise.all([...all].map((instance) => instance.stop()));
    },
    renew() {
      for (const instance of all) outdated.add(instance);
      for (const instance of idle.splice(0)) release(instance);
    },
    async stop() {
      stopped = true;
      await Promise.all([...all].map((instance) => instance.stop()));
    },
  };
}

const STOPPED: InvocationResult = {
  outcome: "fault",
  fault: { errorType: "Runtime.ExitError", errorMessage: "The local stack has stopped" },
};

/** The function's own reserved concurrency is used up. */
export const THROTTLED: InvocationResult = {
  outcome: "fault",
  fault: { errorType: "TooManyRequestsException", errorMessage: "Rate Exceeded." },
};

const now = (): number => performance.timeOrigin + performance.now();

/**
 * What Lambda itself sets. DynamoDB Local takes any credentials; each function has its own, as on Lambda, so
 * that the signature of a request tells which function sent it. DynamoDB Local accepts letters and digits
 * only, which is what a logical id consists of.
 */
function lambdaEnvironment(model: FunctionModel, options: RunnerOptions): Record<string, string> {
  return {
    AWS_REGION: options.region,
    AWS_DEFAULT_REGION: options.region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${model.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: model.name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(model.memoryMegabytes),
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${model.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: "local",
    AWS_ACCESS_KEY_ID: model.logicalId,
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_SESSION_TOKEN: "local",
    // On Lambda there is no home folder whose profile could be read; here there is one, and it is the
    // developer's.
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
  };
}
