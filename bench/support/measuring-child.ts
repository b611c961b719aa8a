import { fork } from "node:child_process";
import { once } from "node:events";

export interface MeasuringChildOptions<Message> {
  /** The file it runs. */
  readonly script: URL;
  /** What it is to do; it goes as JSON, and {@link taskOf} reads it. */
  readonly task: unknown;
  /** Environment variables beside this process's own. */
  readonly environment: Readonly<Record<string, string>>;
  /** Options of Node.js: `--expose-gc`. */
  readonly nodeOptions?: readonly string[];
  /** Drops what it writes to its standard output: the functions write a line a call there. */
  readonly silent?: boolean;
  readonly onMessage: (message: Message) => void;
  /** Asks it to stop; it then ends by itself, having told what it has. */
  readonly signal?: AbortSignal;
}

const STOP = "stop";
/** For the operation that is under way. */
const PATIENCE_MS = 30_000;

/**
 * Runs a measuring process to its end. It is a process of its own so that nothing of the parent's is measured
 * with it.
 * @throws Error where it did not end with 0.
 */
export async function runMeasuringChild<Message>(options: MeasuringChildOptions<Message>): Promise<void> {
  const { script, task, environment, nodeOptions = [], silent = false, onMessage, signal } = options;
  // A group of its own: Ctrl-C at a terminal goes to a whole group, and the child is asked to stop instead.
  const child = fork(script, [JSON.stringify(task)], {
    detached: true,
    execArgv: [...nodeOptions],
    env: { ...process.env, ...environment },
    stdio: ["ignore", silent ? "ignore" : "inherit", "inherit", "ipc"],
  });
  let failure: Error | undefined;
  child.on("message", (message: Message) => {
    try {
      onMessage(message);
    } catch (error) {
      failure ??= error instanceof Error ? error : new Error(String(error));
      child.kill("SIGKILL");
    }
  });
  const kill = (): void => void child.kill("SIGKILL");
  process.once("exit", kill);
  let patience: NodeJS.Timeout | undefined;
  const stop = (): void => {
    if (child.connected) child.send(STOP);
    patience ??= setTimeout(kill, PATIENCE_MS);
  };
  signal?.addEventListener("abort", stop);
  if (signal?.aborted === true) stop();
  try {
    // The last messages may come after the exit.
    const told = once(child, "disconnect");
    const [code, killedBy] = (await once(child, "exit")) as [number | null, string | null];
    await told;
    if (failure !== undefined) throw failure;
    if (code !== 0) throw new Error(`the measuring process ended with ${String(code ?? killedBy)}`);
  } finally {
    clearTimeout(patience);
    process.off("exit", kill);
    signal?.removeEventListener("abort", stop);
  }
}

/** In the child: what it is to do, as the parent gave it. */
export const taskOf = (): unknown => JSON.parse(process.argv[2] ?? "null");

/** In the child: tells the parent something. */
export function tell(message: object): void {
  if (process.connected) process.send?.(message);
}

/**
 * In the child: runs its work, which gets a signal that aborts when the parent asks it to stop or is gone.
 */
export async function runAsChild(work: (stop: AbortSignal) => Promise<void>): Promise<void> {
  const controller = new AbortController();
  process.on("message", (message) => {
    if (message === STOP) controller.abort();
  });
  // Whoever started this is gone: so is the reason to run.
  const orphaned = (): never => process.exit(1);
  process.once("disconnect", orphaned);
  await work(controller.signal);
  process.off("disconnect", orphaned);
  if (process.connected) process.disconnect();
}
