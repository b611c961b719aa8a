import { execFile, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { LoadMessage, Measurement, StackMessage, StackOptions } from "./stack-messages.ts";

/** A local stack in a process of its own. */
export interface StackChild {
  readonly url: string;
  readonly region: string;
  readonly tables: Readonly<Record<string, string>>;
  /** Collects the garbage of all its threads and measures. Ask when no request is under way. */
  measure(): Promise<Measurement>;
  stop(): Promise<void>;
}

const SCRIPT = fileURLToPath(new URL("./stack-process.ts", import.meta.url));

/**
 * Starts the stack's process.
 * @param onErrorLogged gets each line that a function logged as an error, but for those of a busy machine.
 * @throws Error with the process's own message where it does not come up.
 */
export async function startStackChild(
  options: StackOptions,
  onErrorLogged: (line: string) => void,
): Promise<StackChild> {
  // A group of its own: Ctrl-C at a terminal goes to a whole group, and the load must end first.
  const child = fork(SCRIPT, [JSON.stringify(options)], { detached: true, execArgv: [] });
  const killAtExit = (): void => void child.kill("SIGKILL");
  process.once("exit", killAtExit);
  const exited = once(child, "exit").finally(() => process.off("exit", killAtExit));
  const send = (message: LoadMessage): boolean => child.connected && child.send(message);

  const waiting: PromiseWithResolvers<StackMessage>[] = [];
  const nextMessage = (): Promise<StackMessage> => {
    const next = Promise.withResolvers<StackMessage>();
    waiting.push(next);
    return next.promise;
  };
  child.on("message", (message: StackMessage) => {
    if (message.type === "error-logged") onErrorLogged(message.line);
    else waiting.shift()?.resolve(message);
  });
  child.once("exit", (code) => {
    for (const { reject } of waiting) reject(new Error(`the stack's process ended with ${String(code)}`));
  });

  const first = await nextMessage();
  if (first.type !== "ready") throw new Error(first.type === "failed" ? first.message : first.type);
  const { url, region, tables } = first;
  return {
    url,
    region,
    tables,
    async measure() {
      const answer = nextMessage();
      send("measure");
      const message = await answer;
      if (message.type === "measured") return message.measurement;
      throw new Error(message.type === "failed" ? message.message : message.type);
    },
    async stop() {
      send("stop");
      await exited;
    },
  };
}

/** The resident memory of another process in bytes, or `undefined` where `ps` does not tell. */
export async function residentBytes(pid: number | undefined): Promise<number | undefined> {
  if (pid === undefined) return undefined;
  try {
    const { stdout } = await promisify(execFile)("ps", ["-o", "rss=", "-p", String(pid)]);
    return Number(stdout) * 1024;
  } catch {
    return undefined;
  }
}
