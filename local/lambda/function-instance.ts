import { extname } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import type { FunctionModel } from "../model/function-model.ts";
import type { Reroute } from "../provider/rerouted.ts";
import type { FunctionFault, InvokeMessage, WorkerMessage, WorkerSettings } from "./worker-messages.ts";

/** What came of an invocation. `payload` is JSON. */
export type InvocationResult =
  | { readonly outcome: "answered"; readonly payload: string }
  | { readonly outcome: "fault"; readonly fault: FunctionFault };

/** A line that a function, or Lambda for it, wrote to its log. */
export interface LogLine {
  readonly functionName: string;
  readonly stream: "stdout" | "stderr";
  readonly line: string;
}

/** One execution environment: a thread with the function's bundle and the function's own environment. */
export interface FunctionInstance {
  /**
   * Whether its bundle is loaded; a fault of the loading is the answer of the invocation that asked for the
   * instance.
   */
  readonly loaded: Promise<InvocationResult | "loaded">;
  /** Whether it can be given another invocation. */
  isUsable(): boolean;
  /** One at a time. Times out after the function's timeout, and is then unusable. */
  invoke(context: InvokeMessage["context"], payload: string): Promise<InvocationResult>;
  stop(): Promise<void>;
}

/** Lambda gives loading ten seconds; a busy development machine gets more before it is called hung. */
const LOADING_MS = 60_000;

/** Beside this file, also where the package has it compiled. */
const WORKER = new URL(`./function-worker${extname(import.meta.filename)}`, import.meta.url);

/** Starts an instance. */
export function startInstance(
  model: FunctionModel,
  environment: Readonly<Record<string, string>>,
  {
    log,
    clockOffset,
    reroutes = [],
  }: {
    readonly log: (line: LogLine) => void;
    readonly clockOffset?: SharedArrayBuffer | undefined;
    readonly reroutes?: readonly Reroute[];
  },
): FunctionInstance {
  const worker = new Worker(WORKER, {
    workerData: {
      entry: model.entry,
      handler: model.handler,
      reroutes,
      ...(clockOffset && { clockOffset }),
    } satisfies WorkerSettings,
    env: environment,
    // Not this process's own flags; `NODE_OPTIONS` of the function's environment is read by the thread
    // itself.
    execArgv: [],
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: model.memoryMegabytes },
  });
  const write = (stream: LogLine["stream"], line: string) => log({ functionName: model.name, stream, line });
  createInterface({ input: worker.stdout }).on("line", (line) => write("stdout", line));
  createInterface({ input: worker.stderr }).on("line", (line) => write("stderr", line));

  let usable = true;
  let settleLoaded: (result: InvocationResult | "loaded") => void;
  let settleInvocation: ((result: InvocationResult) => void) | undefined;
  const loaded = new Promise<InvocationResult | "loaded">((resolve) => (settleLoaded = resolve));

  /** The thread ended: its callers get that as the response. */
  function end(fault: FunctionFault): void {
    usable = false;
    settleLoaded({ outcome: "fault", fault });
    settleInvocation?.({ outcome: "fault", fault });
  }
  const limit = setTimeout(() => {
    end({ errorType: "Sandbox.Timedout", errorMessage: "The function's bundle did not load in time" });
    void worker.terminate();
  }, LOADING_MS).unref();

  worker.on("message", (message: WorkerMessage) => {
    if (message.type === "ready") {
      clearTimeout(limit);
      settleLoaded("loaded");
    } else if (message.type === "answered") {
      settleInvocation?.({ outcome: "answered", payload: message.payload });
    } else {
      settleInvocation?.({ outcome: "fault", fault: message.fault });
    }
  });
  worker.on("error", (error: unknown) => {
    const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
    write("stderr", `ERROR\tUncaught Exception\t${stack ?? message}`);
    end({ errorType: name, errorMessage: message, trace: stack?.split("\n") ?? [] });
  });
  worker.on("exit", (code) => {
    clearTimeout(limit);
    end({ errorType: "Runtime.ExitError", errorMessage: `Runtime exited with error: exit status ${code}` });
  });

  return {
    loaded,
    isUsable: () => usable,
    async invoke(context, payload) {
      const timeoutMs = model.timeoutSeconds * 1000;
      const answer = new Promise<InvocationResult>((resolve) => (settleInvocation = resolve));
      if (!usable) {
        return {
          outcome: "fault",
          fault: { errorType: "Runtime.ExitError", errorMessage: "Runtime exited" },
        };
      }
      worker.postMessage({ payload, context, deadline: Date.now() + timeoutMs } satisfies InvokeMessage);
      const clock = new AbortController();
      const timedOut = sleep(timeoutMs, "timed-out" as const, { signal: clock.signal }).catch(
        () => "timed-out" as const,
      );
      const first = await Promise.race([answer, timedOut]);
      settleInvocation = undefined;
      clock.abort();
      if (first !== "timed-out") return first;
      usable = false;
      const errorMessage = `RequestId: ${context.awsRequestId} Error: Task timed out after ${model.timeoutSeconds.toFixed(2)} seconds`;
      write("stderr", `ERROR\t${errorMessage}`);
      void worker.terminate();
      return { outcome: "fault", fault: { errorType: "Sandbox.Timedout", errorMessage } };
    },
    async stop() {
      usable = false;
      await worker.terminate();
    },
  };
}
