/**
 * Runs a local stack in a process of its own, whose memory and handles are then nobody else's; talks over
 * IPC.
 */
import { existsSync, readdirSync } from "node:fs";
import type { LogLine } from "../../local/lambda/function-instance.ts";
import { entryIn } from "../../local/log.ts";
import { startLocalStack } from "../../local/stack.ts";
import { isOfBusyMachine } from "../../test/support/busy-machine.ts";
import type { LoadMessage, Measurement, StackMessage, StackOptions } from "./stack-messages.ts";
import { measureThreads } from "./thread-heaps.ts";

const tell = (message: StackMessage): void => {
  if (process.connected) process.send?.(message);
};

const ERROR_LINE = /"level":"(?:ERROR|CRITICAL)"/;
const LONGEST_LINE = 500;

function noteErrors({ functionName, stream, line }: LogLine): void {
  // Judged here, by the whole line: what is told is cut.
  if ((stream === "stderr" || ERROR_LINE.test(line)) && !isOfBusyMachine(entryIn(line) ?? {})) {
    tell({ type: "error-logged", line: `[${functionName}] ${line.slice(0, LONGEST_LINE)}` });
  }
}

async function measure(): Promise<Measurement> {
  const [main, ...workers] = await measureThreads();
  const descriptors = "/proc/self/fd";
  return {
    mainHeapBytes: main.heapBytes,
    workerHeapBytes: workers.reduce((sum, { heapBytes }) => sum + heapBytes, 0),
    rssBytes: process.memoryUsage.rss(),
    threads: workers.length,
    activeResources: [main, ...workers].reduce((sum, { activeResources }) => sum + activeResources, 0),
    fileDescriptors: existsSync(descriptors) ? readdirSync(descriptors).length : undefined,
  };
}

async function main(): Promise<void> {
  const options = JSON.parse(process.argv[2] ?? "{}") as StackOptions;
  const stack = await startLocalStack({ ...options, log: noteErrors });
  const stop = async (): Promise<void> => {
    await stack.stop();
    process.exit();
  };
  process.on("message", (message: LoadMessage) => {
    if (message === "stop") void stop();
    else {
      measure().then(
        (measurement) => tell({ type: "measured", measurement }),
        (error: unknown) => tell({ type: "failed", message: String(error) }),
      );
    }
  });
  // Whoever started this is gone: so is the reason to run.
  process.once("disconnect", () => void stop());
  const { url, region, tables } = stack;
  tell({ type: "ready", url, region, tables });
}

main().catch((error: unknown) => {
  tell({ type: "failed", message: error instanceof Error ? error.message : String(error) });
  process.exitCode = 1;
  process.disconnect();
});
