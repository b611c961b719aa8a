import { spawn } from "node:child_process";
import { LocalStackError } from "./errors.ts";
import { synthesisMessage } from "./synthesize.ts";

/** A command line that runs. */
export interface RunningCommand {
  /**
   * When it has ended well.
   * @param signal ends it.
   * @throws LocalStackError with its own message where it fails.
   */
  ended(signal: AbortSignal): Promise<void>;
  /** Ends it and all that it started. */
  kill(): void;
}

/** A line of a stack that is in somebody's own file. */
const OWN_LINE = /^\s+at (?!.*(?:node_modules|node:)).*[(/].*:\d+:\d+\)?$/m;

/**
 * Runs a command line by the shell, in a process group of its own, which ends as a whole when it is called
 * off, and with this process: `npx` and the like start others.
 */
export function startCommand(
  command: string,
  folder: string,
  environment: NodeJS.ProcessEnv,
): RunningCommand {
  const hasGroups = process.platform !== "win32";
  const child = spawn(command, {
    cwd: folder,
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
    shell: true,
    detached: hasGroups,
  });
  const kill = (): void => {
    if (child.pid === undefined || child.exitCode !== null) return;
    try {
      if (hasGroups) process.kill(-child.pid, "SIGKILL");
      else child.kill("SIGKILL");
    } catch {
      // It has ended by itself meanwhile.
    }
  };
  process.once("exit", kill);
  const text = { out: "", err: "" };
  child.stdout.on("data", (chunk: Buffer) => (text.out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (text.err += chunk.toString()));
  const closed = new Promise<{ readonly exitCode: number | null } | { readonly fault: Error }>((resolve) => {
    child.once("error", (fault) => resolve({ fault }));
    child.once("close", (exitCode) => resolve({ exitCode }));
  }).finally(() => process.off("exit", kill));
  return {
    kill,
    async ended(signal) {
      if (signal.aborted) kill();
      signal.addEventListener("abort", kill, { once: true });
      try {
        const end = await closed;
        signal.throwIfAborted();
        if ("fault" in end) throw end.fault;
        if (end.exitCode === 0) return;
        const output = text.err.trim() === "" ? text.out : text.err;
        const place = OWN_LINE.exec(output)?.[0].trim();
        throw new LocalStackError(synthesisMessage(output) + (place === undefined ? "" : `\n  ${place}`));
      } finally {
        signal.removeEventListener("abort", kill);
      }
    },
  };
}
