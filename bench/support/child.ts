import { fork } from "node:child_process";
import { once } from "node:events";

/**
 * Measuring that runs in a process of its own, so that nothing of the parent's is measured with it. It is an
 * exported function of its module; `stop` aborts when the parent asks it to end with what it has.
 */
export type Work<Task, Message> = (
  task: Task,
  tell: (message: Message) => void,
  stop: AbortSignal,
) => Promise<void>;

export interface ChildOptions<Message> {
  /** Environment variables beside this process's own. */
  readonly environment: Readonly<Record<string, string>>;
  /** Options of Node.js: `--expose-gc`. */
  readonly nodeOptions?: readonly string[];
  readonly onMessage: (message: Message) => void;
  /** Asks it to stop; it then ends by itself, having told what it has. */
  readonly signal: AbortSignal;
}

const STOP = "stop";
/** For the operation that is under way. */
const PATIENCE_MS = 30_000;

/**
 * Runs a work in a process of its own, to its end. What it writes to its standard output is dropped: the
 * functions write a line a call there.
 * @param module the work's, by its `import.meta.url`.
 * @param task goes as JSON.
 * @throws Error where the process did not end with 0.
 */
export async function inChild<Task, Message>(
  module: string,
  work: Work<Task, Message>,
  task: Task,
  { environment, nodeOptions = [], onMessage, signal }: ChildOptions<Message>,
): Promise<void> {
  // A group of its own: Ctrl-C at a terminal goes to a whole group, and the child is asked to stop instead.
  const child = fork(import.meta.filename, [module, work.name, JSON.stringify(task)], {
    detached: true,
    execArgv: [...nodeOptions],
    env: { ...process.env, ...environment },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  child.on("message", onMessage);
  let patience: NodeJS.Timeout | undefined;
  const stop = (): void => {
    if (child.connected) child.send(STOP);
    patience = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
  };
  if (signal.aborted) stop();
  else signal.addEventListener("abort", stop);
  // The last messages may come after the exit.
  const [[code, killedBy]] = await Promise.all([
    once(child, "exit") as Promise<[number | null, string | null]>,
    once(child, "disconnect"),
  ]);
  clearTimeout(patience);
  signal.removeEventListener("abort", stop);
  if (code !== 0) throw new Error(`the measuring process ended with ${String(code ?? killedBy)}`);
}

async function runAsChild([module = "", name = "", task = ""]: readonly string[]): Promise<never> {
  const controller = new AbortController();
  process.on("message", () => controller.abort());
  // The parent is gone, and with it the reason to run.
  process.once("disconnect", () => process.exit(1));
  const { [name]: work } = (await import(module)) as Record<string, Work<unknown, object>>;
  if (work === undefined) throw new Error(`${module} has no ${name}`);
  await work(JSON.parse(task), (message) => process.send?.(message), controller.signal);
  process.removeAllListeners("disconnect");
  process.disconnect();
  // Agents of what was measured may keep a connection open for a while.
  await new Promise(setImmediate);
  process.exit();
}

if (process.argv[1] === import.meta.filename) await runAsChild(process.argv.slice(2));
