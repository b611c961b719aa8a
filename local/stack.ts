import { mkdir, rm } from "node:fs/promises";
import { readCloudAssembly } from "./model/cloud-assembly.ts";
import { startDynamoDbLocal } from "./dynamodb-local.ts";
import { LocalStackError } from "./errors.ts";
import type { InvocationResult } from "./lambda/function-instance.ts";
import {
  createFunctionRunner,
  type FunctionRunner,
  type InvocationRecord,
} from "./lambda/function-runner.ts";
import { createGateway } from "./gateway/gateway.ts";
import { listen } from "./gateway/listener.ts";
import { createLocalEndpoints } from "./local-endpoints.ts";
import { logSink, type LogOption } from "./log.ts";
import { createSite } from "./site/site.ts";
import { readStack, type StackModel } from "./model/stack-model.ts";
import { synthesize, type SynthesizeOptions } from "./synthesize.ts";
import { createTables, localDynamoDb } from "./tables.ts";

export interface LocalStackOptions extends Pick<SynthesizeOptions, "app" | "context"> {
  /** A cloud assembly to run as it is, instead of synthesizing one. */
  readonly synthesizedFolder?: string;
  /** 0, the default, takes any that is free. */
  readonly port?: number;
  /** Where the tables are kept between runs; in memory unless given. */
  readonly dataFolder?: string;
  /** A DynamoDB Local that runs already, or a proxy before one, instead of starting one. */
  readonly databaseEndpoint?: string;
  /** Appended to the tables' names, so that stacks can share one database. */
  readonly tableNameSuffix?: string;
  /** Variables for every function beside the template's own. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Where functions' log lines go; `silent` unless given. */
  readonly log?: LogOption;
  /** Called when an invocation has ended. */
  readonly onInvocation?: (record: InvocationRecord) => void;
  /** Ends the start; what was started by then is stopped again. */
  readonly signal?: AbortSignal;
}

/** A stack that runs on this machine. */
export interface LocalStack {
  /** `http://localhost:3000` */
  readonly url: string;
  readonly port: number;
  readonly stackName: string;
  readonly region: string;
  readonly databaseEndpoint: string;
  /** Names of the tables by logical id, and by each output that gives one: `tables.SessionsTableName`. */
  readonly tables: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
  /** The last invocations that ended, oldest first. */
  readonly invocations: readonly InvocationRecord[];
  /** Invokes a function directly. `event` is passed as JSON, and so is the answer. */
  invoke(functionName: string, event: unknown): Promise<DirectAnswer>;
  /** Stops everything that was started. */
  stop(): Promise<void>;
}

export type DirectAnswer =
  | { readonly outcome: "answered"; readonly answer: unknown }
  | Extract<InvocationResult, { outcome: "fault" }>;

const KEPT_INVOCATIONS = 10_000;

/**
 * Synthesizes the CDK app and runs what comes of it: tables in DynamoDB Local, functions from their bundles,
 * the HTTP API on localhost, direct invocation. Nothing but what the template says is wired.
 * @throws LocalStackError for what a person can put right.
 */
export async function startLocalStack(options: LocalStackOptions = {}): Promise<LocalStack> {
  const undo: Undo = [];
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopping ??= undoAll(undo));
  try {
    // First of all, so that a port in use is known before the slow work.
    const listener = await listen(options.port ?? 0);
    undo.push(() => listener.close());
    const { folder, databaseEndpoint } = await prepare(options, undo);
    options.signal?.throwIfAborted();

    const suffix = options.tableNameSuffix;
    const model = readStack(readCloudAssembly(folder), {
      url: listener.url,
      ...(suffix !== undefined && { tableNameSuffix: suffix }),
    });
    await createTablesOf(model, databaseEndpoint);
    const { runners, invocations } = createRunners(model, databaseEndpoint, options);
    undo.push(() => Promise.all([...runners.values()].map((runner) => runner.stop())));

    const gateway = createGateway(model.api, {
      region: model.region,
      clock: Date.now,
      invoke: (name, payload) => runnerNamed(runners, name).invoke(payload),
    });
    const { stackName, region, outputs, site, api } = model;
    const otherwise = site === undefined ? gateway : createSite(site, api, gateway);
    listener.serve(
      createLocalEndpoints({ stackName, region, outputs, databaseEndpoint, runners, otherwise }),
    );
    options.signal?.throwIfAborted();
    return {
      url: listener.url,
      port: listener.port,
      stackName,
      region,
      databaseEndpoint,
      tables: tableNames(model),
      outputs,
      invocations,
      async invoke(functionName, event) {
        const result = await runnerNamed(runners, functionName).invoke(JSON.stringify(event));
        return result.outcome === "fault"
          ? result
          : { outcome: "answered", answer: JSON.parse(result.payload) as unknown };
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Undo = (() => Promise<unknown>)[];

async function undoAll(undo: Undo): Promise<void> {
  for (const step of undo.reverse()) await step();
}

/** Synthesizes and starts the database at the same time; the first failure ends the other. */
async function prepare(
  options: LocalStackOptions,
  undo: Undo,
): Promise<{ readonly folder: string; readonly databaseEndpoint: string }> {
  const failing = new AbortController();
  const signal = AbortSignal.any([failing.signal, ...(options.signal ? [options.signal] : [])]);
  const failed = (error: unknown): never => {
    failing.abort(error);
    throw error;
  };
  const results = await Promise.allSettled([
    provideAssembly(options, signal, undo).catch(failed),
    provideDatabase(options, signal, undo).catch(failed),
  ]);
  options.signal?.throwIfAborted();
  failing.signal.throwIfAborted();
  const [folder, databaseEndpoint] = results.map((result) =>
    result.status === "fulfilled" ? result.value : "",
  );
  return { folder: folder ?? "", databaseEndpoint: databaseEndpoint ?? "" };
}

async function provideAssembly(options: LocalStackOptions, signal: AbortSignal, undo: Undo): Promise<string> {
  if (options.synthesizedFolder !== undefined) return options.synthesizedFolder;
  const { app, context } = options;
  const folder = await synthesize({ ...(app && { app }), ...(context && { context }), signal });
  undo.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function provideDatabase(
  { databaseEndpoint, dataFolder }: LocalStackOptions,
  signal: AbortSignal,
  undo: Undo,
): Promise<string> {
  if (databaseEndpoint !== undefined) return databaseEndpoint;
  if (dataFolder !== undefined) await makeFolder(dataFolder);
  const database = await startDynamoDbLocal({ ...(dataFolder !== undefined && { dataFolder }), signal });
  undo.push(() => database.stop());
  return database.endpoint;
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw new LocalStackError(`The data folder ${folder} cannot be made: ${(error as Error).message}`);
  }
}

async function createTablesOf(model: StackModel, databaseEndpoint: string): Promise<void> {
  const client = localDynamoDb(databaseEndpoint, model.region);
  try {
    await createTables(client, model.tables);
  } finally {
    client.destroy();
  }
}

function createRunners(
  model: StackModel,
  databaseEndpoint: string,
  options: LocalStackOptions,
): { readonly runners: ReadonlyMap<string, FunctionRunner>; readonly invocations: InvocationRecord[] } {
  const invocations: InvocationRecord[] = [];
  const runnerOptions = {
    region: model.region,
    databaseEndpoint,
    environment: options.environment ?? {},
    log: logSink(options.log ?? "silent"),
    onInvocation: (record: InvocationRecord): void => {
      invocations.push(record);
      if (invocations.length > KEPT_INVOCATIONS) invocations.shift();
      options.onInvocation?.(record);
    },
  };
  const runners = new Map(model.functions.map((fn) => [fn.name, createFunctionRunner(fn, runnerOptions)]));
  return { runners, invocations };
}

function runnerNamed(runners: ReadonlyMap<string, FunctionRunner>, name: string): FunctionRunner {
  const runner = runners.get(name);
  if (runner === undefined) {
    throw new LocalStackError(`No function ${name}; there are ${[...runners.keys()].join(", ")}.`);
  }
  return runner;
}

function tableNames({ tables, outputs }: StackModel): Record<string, string> {
  const names = new Set(tables.map(({ name }) => name));
  return {
    ...Object.fromEntries(tables.map(({ logicalId, name }) => [logicalId, name])),
    ...Object.fromEntries(Object.entries(outputs).filter(([, value]) => names.has(value))),
  };
}
