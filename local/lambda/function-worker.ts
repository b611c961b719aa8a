/** Runs in a worker thread: loads one function's bundle and calls its handler, one invocation at a time. */
import { pathToFileURL } from "node:url";
import { parentPort, workerData } from "node:worker_threads";
import { moveDate } from "../lab/moved-date.ts";
import type { FunctionFault, InvokeMessage, WorkerMessage, WorkerSettings } from "./worker-messages.ts";

type Handler = (event: unknown, context: unknown) => unknown;

/** The deadline is of this machine's clock, whatever the lab's says. */
const realNow = Date.now.bind(Date);

const send = (message: WorkerMessage): void => parentPort?.postMessage(message);

async function loadHandler({ entry, handler: name }: WorkerSettings): Promise<Handler> {
  const module = (await import(pathToFileURL(entry).href)) as Record<string, unknown>;
  const exports = { ...(module["default"] as object | undefined), ...module } as Record<string, unknown>;
  const handler = exports[name];
  if (typeof handler !== "function") {
    const error = new Error(`${entry} does not export a function ${name}`);
    error.name = "Runtime.HandlerNotFound";
    throw error;
  }
  return handler as Handler;
}

async function invoke(handler: Handler, { payload, deadline, context }: InvokeMessage): Promise<void> {
  try {
    const result = await handler(JSON.parse(payload), {
      ...context,
      functionVersion: "$LATEST",
      logGroupName: `/aws/lambda/${context.functionName}`,
      logStreamName: "local",
      callbackWaitsForEmptyEventLoop: true,
      getRemainingTimeInMillis: () => Math.max(0, deadline - realNow()),
    });
    // A handler that returns nothing answers `null`, as on Lambda.
    send({ type: "answered", payload: JSON.stringify(result ?? null) });
  } catch (error) {
    const fault = describeFault(error);
    console.error(`ERROR\tInvoke Error\t${JSON.stringify(fault)}`);
    send({ type: "fault", fault });
  }
}

function describeFault(error: unknown): FunctionFault {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error) };
  return {
    errorType: error.name,
    errorMessage: error.message,
    trace: error.stack?.split("\n") ?? [],
  };
}

const settings = workerData as WorkerSettings;
if (settings.clockOffset !== undefined) moveDate(settings.clockOffset);
if (settings.reroutes.length > 0) {
  const { rerouteRequests } = await import("./rerouted-requests.ts");
  rerouteRequests(settings.reroutes);
}
const handler = await loadHandler(settings);
parentPort?.on("message", (message: InvokeMessage) => void invoke(handler, message));
send({ type: "ready" });
