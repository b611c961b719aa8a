import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { inject } from "vitest";
import type { LogLine } from "../../local/function-instance.ts";
import { startLocalStack, type LocalStack, type LocalStackOptions } from "../../local/stack.ts";
import { synthesize } from "../../local/synthesize.ts";

/** A local stack for one test file. */
export interface TestStack extends LocalStack {
  /** Everything the functions wrote, in order. */
  readonly logLines: readonly LogLine[];
}

export type TestStackOptions = Omit<LocalStackOptions, "log" | "dataFolder" | "signal">;

/**
 * Starts a stack in the database of the test run, with tables of its own; that of the real app unless `app` names another.
 * Each app is synthesized once a test run for each context. Call `stop()` when done.
 */
export async function startTestStack(options: TestStackOptions = {}): Promise<TestStack> {
  const logLines: LogLine[] = [];
  const stack = await startLocalStack({
    databaseEndpoint: inject("dynamoDbEndpoint"),
    tableNameSuffix: `-${randomUUID()}`,
    ...options,
    synthesizedFolder: options.synthesizedFolder ?? (await synthesizeOnce(options)),
    log: (line) => logLines.push(line),
  });
  return { ...stack, logLines };
}

const LONGEST_WAIT_MS = 120_000;

/** The cloud assembly of an app with a context. Test files run in processes of their own; one synthesizes, the others wait. */
export async function synthesizeOnce(
  options: Pick<TestStackOptions, "app" | "context"> = {},
): Promise<string> {
  const { app, context } = options;
  const key = createHash("sha256")
    .update(JSON.stringify([app, context]))
    .digest("hex")
    .slice(0, 16);
  const done = join(inject("synthesisFolder"), key);
  const working = `${done}.working`;
  const deadline = Date.now() + LONGEST_WAIT_MS;
  while (!existsSync(done)) {
    if (await isFirst(working)) {
      // Between the two looks another process may have finished.
      if (existsSync(done)) {
        await rm(working, { recursive: true });
        break;
      }
      try {
        await synthesize({
          ...(app && { app }),
          ...(context && { context }),
          outputFolder: working,
        });
        await rename(working, done);
      } catch (error) {
        await rm(working, { recursive: true, force: true });
        throw error;
      }
    } else {
      if (Date.now() > deadline) throw new Error(`${working} was never finished`);
      await sleep(100);
    }
  }
  return done;
}

/** Making a folder succeeds for one process only. */
async function isFirst(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}
