import { createDemoUsers, DEMO_PASSWORD, DEMO_USERS } from "../cli/demo-users.ts";
import { banner, type DemoUsersShown } from "./banner.ts";
import { readArguments, type StartArguments } from "./command-line.ts";
import { LocalStackError } from "./errors.ts";
import { interruption } from "../cli/interruption.ts";
import { STACK_PATH } from "./local-endpoints.ts";
import { eventLine } from "./outbox/event-line.ts";
import { startLocalStack, type LocalStack } from "./stack.ts";

async function main(): Promise<void> {
  const options = readArguments(process.argv);
  const stop = interruption();
  let stack: LocalStack | undefined;
  try {
    stack = await start(options, stop);
    await new Promise((resolve) => stop.addEventListener("abort", resolve, { once: true }));
  } catch (error) {
    // Whatever fails while everything is being stopped fails because of that.
    if (!stop.aborted) report(error);
  } finally {
    await stack?.stop();
  }
}

async function start(options: StartArguments, signal: AbortSignal): Promise<LocalStack> {
  console.log("Synthesizing the stack and starting DynamoDB Local ...");
  const stack = await startLocalStack({
    port: options.port,
    context: options.set,
    ...(options.data !== undefined && { dataFolder: options.data }),
    log: options.verbose === true ? "stderr" : "errors",
    ...(options.events === true && {
      onEvent: (event, busName) => console.log(eventLine(event, busName)),
    }),
    signal,
  });
  try {
    const demoUsers = await provideDemoUsers(stack);
    const check = await fetch(stack.url + STACK_PATH, { signal });
    if (!check.ok) throw new Error(`${stack.url} answers ${check.status}`);
    console.log(`\n${banner(stack, demoUsers)}\n\nReady on ${stack.url}`);
    return stack;
  } catch (error) {
    await stack.stop();
    throw error;
  }
}

/** The demo users, where the stack has a password directory to put them in. */
async function provideDemoUsers(stack: LocalStack): Promise<DemoUsersShown | undefined> {
  const { UsersTableName: usersTable, SessionsTableName: sessionsTable } = stack.outputs;
  if (usersTable === undefined || sessionsTable === undefined) return undefined;
  const { databaseEndpoint: dynamoDbEndpoint, region } = stack;
  await createDemoUsers({ dynamoDbEndpoint, region, usersTable, sessionsTable });
  return { users: DEMO_USERS, password: DEMO_PASSWORD };
}

function report(error: unknown): void {
  process.exitCode = 1;
  console.error(error instanceof LocalStackError ? error.message : error);
}

await main();
