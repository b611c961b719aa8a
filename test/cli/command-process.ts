/**
 * Runs the operators' commands of a test file, one after the other, until the process that started it
 * disconnects: loading their modules takes longer than most of them. A command finds the arguments, the
 * environment and the standard input that it would have in a process of its own, and writes to the same
 * streams.
 */
import { Readable } from "node:stream";
import { pathToFileURL } from "node:url";

export interface CommandRequest {
  /** Absolute path of a script that ends when its command has. */
  readonly script: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly input: Buffer;
}

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const streams = { stdout: process.stdout, stderr: process.stderr };
let runs = 0;

async function finished({ script, args, environment, input }: CommandRequest): Promise<Finished> {
  const written = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    streams[name].write = (chunk: string | Uint8Array) => {
      written[name] += chunk.toString();
      return true;
    };
  }
  process.env = { ...environment };
  process.argv = [process.execPath, script, ...args];
  process.exitCode = 0;
  forgetListeners();
  const stdin = Readable.from(input.length === 0 ? [] : [input]);
  Object.defineProperty(process, "stdin", { value: stdin, configurable: true });
  // Another query is another module: the script itself runs again, what it imports does not.
  await import(`${pathToFileURL(script).href}?run=${runs++}`);
  return { code: exitCode(), ...written };
}

/** Of the last command, whose process would be gone. */
const forgetListeners = (): void => {
  for (const signal of ["SIGINT", "SIGTERM"]) process.removeAllListeners(signal);
  process.stdout.removeAllListeners("error");
};

const exitCode = (): number => Number(process.exitCode ?? 0);

process.on("message", (request: CommandRequest) => {
  finished(request).then(
    (result) => process.send?.(result),
    (error: unknown) => process.send?.({ code: null, stdout: "", stderr: String(error) }),
  );
});
process.once("disconnect", () => process.exit());
