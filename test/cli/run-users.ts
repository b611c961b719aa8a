import { fork, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

import { PROJECT_FOLDER } from "../../local/synthesize.ts";
import { STACK_OUTPUT_VERSION, type StackOutput } from "../../src/runtime/stack-output.ts";
import { ONE_SESSION } from "../../src/sessions/policy.ts";
import { testDatabaseEndpoint } from "../support/database-endpoint.ts";
import { recordOutput, recordSecret } from "../support/log-scan/recorder.ts";
import type { CommandRequest, Finished } from "./command-process.ts";

export type { Finished } from "./command-process.ts";

interface RunOptions {
  readonly input?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
}

export const runUsers = (args: readonly string[], options: RunOptions = {}): Promise<Finished> =>
  runCommand("cli/users.ts", args, options);

let commands: ChildProcess | undefined;
let last: Promise<unknown> = Promise.resolve();

/**
 * Runs a command as if it were a process of its own (`command-process.ts`), with `input` as its standard
 * input and no AWS settings but `env`.
 * @param script relative to the project.
 */
export function runCommand(
  script: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Finished> {
  const request: CommandRequest = {
    script: join(PROJECT_FOLDER, script),
    args,
    environment: environmentOf(options),
    input: inputOf(options),
  };
  const child = (commands ??= fork(join(import.meta.dirname, "command-process.ts"), [], {
    execArgv: [],
    env: environmentOf({}),
    serialization: "advanced",
  }));
  const result = last.then(async () => {
    const answer = once(child, "message") as Promise<[Finished]>;
    child.send(request);
    return recorded((await answer)[0]);
  });
  last = result.catch(() => undefined);
  return result;
}

/** The same in a process of its own, for what depends on pipes or on how a process ends. */
export async function runProcess(
  script: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Finished> {
  const child = spawn(process.execPath, [script, ...args], { env: environmentOf(options) });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  // A command that fails early closes its end of the pipe.
  child.stdin.on("error", () => undefined);
  child.stdin.end(inputOf(options));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  return recorded({ code, stdout, stderr });
}

const environmentOf = ({ env }: RunOptions): Record<string, string | undefined> => ({
  PATH: process.env["PATH"],
  // Half of such a process is compiling (vitest.config.ts).
  NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"],
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_CONFIG_FILE: "/dev/null",
  AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  ...env,
});

function inputOf({ input = "" }: RunOptions): Buffer {
  for (const line of input.toString().split("\n")) recordSecret("password", line);
  return Buffer.from(input);
}

function recorded(finished: Finished): Finished {
  recordOutput("terminal", `${finished.stdout}\n${finished.stderr}`);
  return finished;
}

export interface LocalAnswer {
  readonly port: number;
  close(): Promise<void>;
}

/** A server on the loopback interface that gives `body` to every request of `path`, and 404 to all others. */
export async function answerWith(path: string, body: string, status = 200): Promise<LocalAnswer> {
  const server = createServer((request, response) => {
    const asked = request.url === path;
    response.writeHead(asked ? status : 404).end(asked ? body : "");
  });
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The output that a construct makes in its stack. */
export const operatorsOutput = (values: Partial<StackOutput>): string =>
  JSON.stringify({
    singleSession: STACK_OUTPUT_VERSION,
    construct: "Sessions",
    era: "1",
    sessionsTable: "none",
    loginFunction: "login",
    authorizeFunction: "authorize",
    adminLogoutFunction: "admin-logout",
    policy: ONE_SESSION,
    ...values,
  } satisfies StackOutput);

/** What `GET /_local/stack` says of a local stack over the test database, with a construct or several. */
export function localStack(
  constructs: Partial<StackOutput> | readonly Partial<StackOutput>[],
  dynamoDbEndpoint = testDatabaseEndpoint(),
): Promise<LocalAnswer> {
  const outputs = Object.fromEntries(
    [constructs].flat().map((values, index) => [`Some${index}`, operatorsOutput(values)]),
  );
  const stack = {
    stackName: "SingleSession",
    dynamoDbEndpoint,
    region: "eu-central-1",
    outputs: { ...outputs, ApiUrl: "http://localhost:1" },
  };
  return answerWith("/_local/stack", JSON.stringify(stack));
}
