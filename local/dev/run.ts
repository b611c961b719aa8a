import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { createDemoUsers, DEMO_PASSWORD, DEMO_USERS, type DemoUser } from "../../cli/demo-users.ts";
import { interruption } from "../../cli/interruption.ts";
import { constructIn } from "../../cli/place.ts";
import { banner, type DemoUsersShown } from "../banner.ts";
import { LocalStackError } from "../errors.ts";
import { STACK_PATH } from "../local-endpoints.ts";
import { eventLine } from "../outbox/event-line.ts";
import { startLocalStack, type LocalStack, type LocalStackOptions } from "../stack.ts";
import type { OwnApp } from "../own-app.ts";
import type { DevOptions } from "./options.ts";
import { checkFunctionNames, endpointVariables, providedBy, variablesOf } from "./provided.ts";
import { createReloading, type Reloading } from "./reloading.ts";
import { watchFolder } from "./watch.ts";

/** Runs a stack until Ctrl-C. What a person can put right is said in its own words and nothing else. */
export async function runDev(options: DevOptions): Promise<void> {
  const stop = interruption();
  let stack: LocalStack | undefined;
  let watching: Watching | undefined;
  try {
    const source = sourceOf(options);
    // Before the synth, which may have read a file that changes meanwhile.
    if (source.ownApp && options.watch && isApp(source.ownApp)) {
      watching = watchApp(source.ownApp, options, stop);
    }
    stack = await start(options, source, stop);
    watching?.reload(stack);
    console.log(`Ready on ${stack.url}`);
    await new Promise((ended) => stop.addEventListener("abort", ended, { once: true }));
  } catch (error) {
    // Whatever fails while everything is being stopped fails because of that.
    if (!stop.aborted) report(error);
  } finally {
    await watching?.stop();
    await stack?.stop();
  }
}

async function start(options: DevOptions, source: Source, signal: AbortSignal): Promise<LocalStack> {
  console.log("Synthesizing the stack and starting DynamoDB Local ...");
  const { env, endpoint } = options;
  const users = usersOf(options);
  const told = new Set<string>();
  const stack = await startLocalStack({
    schedules: true,
    ...source,
    port: options.port,
    ...(options.data !== undefined && { dataFolder: options.data }),
    stacks: options.stack,
    parameters: options.parameter,
    log: options.verbose === true ? "stderr" : "errors",
    ...(options.events === true && {
      onEvent: (event, busName) => console.log(eventLine(event, busName)),
    }),
    lab: { users: users.map(({ userName }) => userName), password: DEMO_PASSWORD },
    ...(options.provider && { signIn: { users, password: DEMO_PASSWORD } }),
    environment: endpointVariables(endpoint),
    environmentOf: (fn) => variablesOf(env, fn),
    provided: providedBy(env, endpoint),
    onModel: ({ functions }) => checkFunctionNames(env, functions),
    onUnsupported(why) {
      if (!told.has(why)) console.error(`Warning: ${why}`);
      told.add(why);
    },
    signal,
  });
  try {
    const demoUsers = await provideDemoUsers(stack, users);
    const check = await fetch(stack.url + STACK_PATH, { signal });
    if (!check.ok) throw new Error(`${stack.url} answers ${check.status}`);
    console.log(`\n${banner(stack, demoUsers)}\n`);
    return stack;
  } catch (error) {
    await stack.stop();
    throw error;
  }
}

type Source = Pick<LocalStackOptions, "ownApp" | "synthesizedFolder">;

/** A cloud assembly that is there, or the CDK app of the current folder. */
function sourceOf({ app, assembly, set }: DevOptions): Source {
  if (assembly === undefined) {
    return { ownApp: { folder: process.cwd(), ...(app !== undefined && { command: app }), context: set } };
  }
  if (app !== undefined || Object.keys(set).length > 0) {
    throw new LocalStackError(
      "--assembly runs what was synthesized already; --app and --set belong to a synth.",
    );
  }
  return { synthesizedFolder: resolve(assembly) };
}

/** Somebody may be in a folder of another kind, a large one. */
const isApp = ({ folder, command }: OwnApp): boolean =>
  command !== undefined || existsSync(join(folder, "cdk.json"));

interface Watching {
  /** From now on a change, and what changed until now, is reloaded. */
  reload(stack: LocalStack): void;
  stop(): Promise<void>;
}

function watchApp(app: OwnApp, { data }: DevOptions, signal: AbortSignal): Watching {
  const ending = new AbortController();
  const early = new Set<string>();
  let reloading: Reloading | undefined;
  watchFolder(app.folder, {
    ignored: data === undefined ? [] : [resolve(data)],
    onChange(files) {
      if (reloading === undefined) files.forEach((file) => early.add(file));
      else reloading.changed(files);
    },
    signal: ending.signal,
  });
  return {
    reload(stack) {
      reloading = createReloading(app, stack, { say: (text) => console.log(text), signal });
      if (early.size > 0) reloading.changed([...early]);
    },
    async stop() {
      ending.abort();
      await reloading?.settled();
    },
  };
}

const usersOf = ({ user }: DevOptions): readonly DemoUser[] => (user.length > 0 ? user : DEMO_USERS);

/** The demo users, in each password directory that the stack has. */
async function provideDemoUsers(
  stack: LocalStack,
  users: readonly DemoUser[],
): Promise<DemoUsersShown | undefined> {
  const { databaseEndpoint: dynamoDbEndpoint, region, outputs, stackName } = stack;
  const constructs = Object.values(outputs).flatMap((value) => constructIn(value, stackName));
  const directories = constructs.filter(({ usersTable }) => usersTable !== undefined);
  for (const { usersTable = "", sessionsTable } of directories) {
    await createDemoUsers({ dynamoDbEndpoint, region, usersTable, sessionsTable, users });
  }
  return directories.length === 0 ? undefined : { users, password: DEMO_PASSWORD };
}

function report(error: unknown): void {
  process.exitCode = 1;
  console.error(error instanceof LocalStackError ? error.message : error);
}
