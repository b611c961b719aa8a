import { createHash, randomUUID } from "node:crypto";
import { join } from "node:path";
import { inject } from "vitest";
import type { LogLine } from "../../local/lambda/function-instance.ts";
import { startLocalStack, type LocalStack, type LocalStackOptions } from "../../local/stack.ts";
import { testDatabaseEndpoint } from "./database-endpoint.ts";
import { makeOnce } from "./make-once.ts";
import { recordOutput } from "./log-scan/recorder.ts";
import { noteTables } from "./made-tables.ts";
import { synthesizeIn } from "./synthesizer.ts";

/** A local stack for one test file. */
export interface TestStack extends LocalStack {
  /** Everything the functions wrote, in order. */
  readonly logLines: readonly LogLine[];
}

export type TestStackOptions = Omit<LocalStackOptions, "log" | "dataFolder" | "signal">;

/**
 * Starts a stack in the database of the test run, with tables of its own; that of the real app unless `app`
 * names another. Each app is synthesized once a test run for each context. Call `stop()` when done.
 */
export async function startTestStack(options: TestStackOptions = {}): Promise<TestStack> {
  const logLines: LogLine[] = [];
  const stack = await startLocalStack({
    databaseEndpoint: testDatabaseEndpoint(),
    tableNameSuffix: `-${randomUUID()}`,
    ...options,
    environment: { ...compileCache(), ...options.environment },
    synthesizedFolder: options.synthesizedFolder ?? (await synthesizeOnce(options)),
    log: (line) => {
      logLines.push(line);
      recordOutput("log", line.line);
    },
  });
  noteTables(Object.values(stack.tables));
  return { ...stack, logLines };
}

/**
 * For the threads of functions: half of a thread's start is compiling its bundle. What is compiled is kept in
 * the run's own folder, since each run has its bundles in a folder of its own.
 */
export const compileCache = (): { readonly NODE_COMPILE_CACHE: string } => ({
  NODE_COMPILE_CACHE: join(inject("synthesisFolder"), "compiled"),
});

/** The cloud assembly of an app with a context, synthesized once a test run. */
export async function synthesizeOnce(
  options: Pick<TestStackOptions, "app" | "context"> = {},
): Promise<string> {
  const { app, context } = options;
  const key = createHash("sha256")
    .update(JSON.stringify([app, context]))
    .digest("hex")
    .slice(0, 16);
  const folder = inject("synthesisFolder");
  return makeOnce(join(folder, key), (outputFolder) =>
    synthesizeIn(folder, { ...(app && { app }), ...(context && { context }), outputFolder }),
  );
}
