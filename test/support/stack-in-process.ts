import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { testDatabaseEndpoint } from "./database-endpoint.ts";
import { compileCache, synthesizeOnce } from "./local-stack.ts";
import { recordOutput } from "./log-scan/recorder.ts";
import { noteTables } from "./made-tables.ts";

/**
 * A stack in a process of its own, which trusts one more certificate authority: `NODE_EXTRA_CA_CERTS` counts
 * for whole processes only.
 */
export interface StackInProcess {
  readonly url: string;
  readonly tables: Readonly<Record<string, string>>;
  /** Everything that the functions wrote. */
  readonly log: readonly string[];
  stop(): Promise<void>;
}

type Message =
  { readonly ready: Pick<StackInProcess, "url" | "tables"> } | { readonly line: { readonly line: string } };

export async function startStackTrusting(
  certificate: string,
  context: Readonly<Record<string, string>>,
  databaseEndpoint = testDatabaseEndpoint(),
): Promise<StackInProcess> {
  return startAssemblyTrusting(certificate, await synthesizeOnce({ context }), databaseEndpoint);
}

/** The same of a cloud assembly that is there. */
export async function startAssemblyTrusting(
  certificate: string,
  synthesizedFolder: string,
  databaseEndpoint = testDatabaseEndpoint(),
): Promise<StackInProcess> {
  const folder = await mkdtemp(join(tmpdir(), "single-session-ca-"));
  const file = join(folder, "ca.pem");
  await writeFile(file, certificate);
  const options = {
    synthesizedFolder,
    databaseEndpoint,
    tableNameSuffix: `-${randomUUID()}`,
    environment: compileCache(),
  };
  const script = join(import.meta.dirname, "stack-process.ts");
  const child = spawn(process.execPath, [script, JSON.stringify(options)], {
    env: { ...process.env, NODE_EXTRA_CA_CERTS: file },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const log: string[] = [];
  const ready = await new Promise<Pick<StackInProcess, "url" | "tables">>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the stack's process ended with ${code}`)));
    createInterface({ input: child.stdout }).on("line", (text) => {
      const message = JSON.parse(text) as Message;
      if ("ready" in message) resolve(message.ready);
      else {
        log.push(message.line.line);
        recordOutput("log", message.line.line);
      }
    });
  });
  noteTables(Object.values(ready.tables));
  return {
    ...ready,
    log,
    async stop() {
      const ended = once(child, "exit");
      child.stdin.end();
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}
