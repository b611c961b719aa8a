import { readCloudAssembly } from "./model/cloud-assembly.ts";
import { LocalStackError } from "./errors.ts";
import type { InvocationResult } from "./lambda/function-instance.ts";
import {
  createFunctionRunner,
  type FunctionRunner,
  type InvocationRecord,
} from "./lambda/function-runner.ts";
import { createGateway } from "./gateway/gateway.ts";
import { listen, type Listener } from "./gateway/listener.ts";
import { createLocalEndpoints } from "./local-endpoints.ts";
import { labUrl, startLab, type Lab } from "./lab/lab.ts";
import type { LabOptions } from "./lab/parts.ts";
import { logSink, type LogOption } from "./log.ts";
import type { LostBatch } from "./outbox/batch-runner.ts";
import type { BusEvent } from "./outbox/event-bus.ts";
import { REALTIME_PATH } from "./push/push-server.ts";
import { startServices, type Services } from "./services.ts";
import { createSite } from "./site/site.ts";
import { readStack, type StackModel } from "./model/stack-model.ts";
import { prepare, type PrepareOptions, type Undo } from "./prepare.ts";
import { createTables, localDynamoDb } from "./tables.ts";

export interface LocalStackOptions extends PrepareOptions {
  /** 0, the default, takes any that is free. */
  readonly port?: number;
  /** Appended to the tables' names, so that stacks can share one database. */
  readonly tableNameSuffix?: string;
  /** Variables for every function beside the template's own. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Where functions' log lines go; `silent` unless given. */
  readonly log?: LogOption;
  /** Whether what the template schedules is done: at once, and then as often as it says. Not unless given. */
  readonly schedules?: boolean;
  /** Called when an invocation has ended. */
  readonly onInvocation?: (record: InvocationRecord) => void;
  /** Called with each event that a bus takes. */
  readonly onEvent?: (event: BusEvent, busName: string) => void;
  /** Serves the lab at `/_local`, with a proxy between the functions and the database; not unless given. */
  readonly lab?: LabOptions;
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
  /** Whether the changes of a table reach a function, which tells of them. */
  readonly tellsChanges: boolean;
  /** Where clients of push connect, `ws://localhost:3000/event/realtime`; `undefined` where it has none. */
  readonly realtimeUrl: string | undefined;
  /** The last invocations that ended, oldest first. */
  readonly invocations: readonly InvocationRecord[];
  /** The last events that a bus took, oldest first. */
  readonly events: readonly BusEvent[];
  /** The last batches of changes that a mapping gave up, oldest first. */
  readonly lostBatches: readonly LostBatch[];
  /** `http://localhost:3000/_local`, where the lab is served. */
  readonly labUrl: string | undefined;
  /** Invokes a function directly. `event` is passed as JSON, and so is the answer. */
  invoke(functionName: string, event: unknown): Promise<DirectAnswer>;
  /** Ends what runs of a function at this moment, as a crash does. */
  crash(functionName: string): Promise<void>;
  /** Stops everything that was started. */
  stop(): Promise<void>;
}

export type DirectAnswer =
  | { readonly outcome: "answered"; readonly answer: unknown }
  | Extract<InvocationResult, { outcome: "fault" }>;

const KEPT_INVOCATIONS = 10_000;

/**
 * Synthesizes the CDK app and runs what comes of it: tables in DynamoDB Local, functions from their bundles,
 * the HTTP API on localhost, direct invocation, and what follows from the tables' changes: functions that
 * read their streams, event buses, queues, push. Nothing but what the template says is wired.
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
    const { url } = listener;
    const lab = options.lab && (await startLab(databaseEndpoint, options.lab));
    if (lab !== undefined) undo.push(() => lab.stop());
    const { runners, invocations } = createRunners(model, { databaseEndpoint, url, lab }, options);
    const stopRunners = () => Promise.all([...runners.values()].map((runner) => runner.stop()));
    undo.push(stopRunners);
    const services = await startServicesOf(model, { databaseEndpoint, url, runners }, options);
    // Together: what a service waits for ends with the functions, and nothing is begun anew.
    undo.push(() => Promise.all([services.stop(), stopRunners()]));
    serve(listener, model, { databaseEndpoint, runners, services, lab });
    options.signal?.throwIfAborted();
    return {
      url,
      port: listener.port,
      stackName: model.stackName,
      region: model.region,
      databaseEndpoint,
      tables: tableNames(model),
      outputs: model.outputs,
      tellsChanges: model.mappings.length > 0,
      realtimeUrl: services.push && `ws://localhost:${listener.port}${REALTIME_PATH}`,
      invocations,
      events: services.events,
      lostBatches: services.lostBatches,
      labUrl: lab && labUrl(listener.port),
      async invoke(functionName, event) {
        const result = await runnerNamed(runners, functionName).invoke(JSON.stringify(event));
        return result.outcome === "fault"
          ? result
          : { outcome: "answered", answer: JSON.parse(result.payload) as unknown };
      },
      crash: (functionName) => runnerNamed(runners, functionName).crash(),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function undoAll(undo: Undo): Promise<void> {
  for (const step of undo.reverse()) await step();
}

async function createTablesOf(model: StackModel, databaseEndpoint: string): Promise<void> {
  const client = localDynamoDb(databaseEndpoint, model.region);
  try {
    await createTables(client, model.tables);
  } finally {
    client.destroy();
  }
}

interface Running {
  readonly databaseEndpoint: string;
  readonly url: string;
  readonly runners: ReadonlyMap<string, FunctionRunner>;
}

function startServicesOf(
  model: StackModel,
  { databaseEndpoint, url, runners }: Running,
  options: LocalStackOptions,
): Promise<Services> {
  return startServices({
    ...{ model, databaseEndpoint, url, dataFolder: options.dataFolder },
    invoke: (name, payload) => runnerNamed(runners, name).invoke(payload),
    invokeLater: (name, payload) => runnerNamed(runners, name).invokeLater(payload),
    log: logSink(options.log ?? "silent"),
    onEvent: options.onEvent ?? (() => undefined),
    schedules: options.schedules ?? false,
  });
}

function serve(
  listener: Listener,
  model: StackModel,
  {
    databaseEndpoint,
    runners,
    services,
    lab,
  }: Omit<Running, "url"> & { readonly services: Services; readonly lab: Lab | undefined },
): void {
  const { stackName, region, outputs, site, api } = model;
  const invoke = (name: string, payload: string) => runnerNamed(runners, name).invoke(payload);
  const gateway = createGateway(api, { region, clock: Date.now, invoke });
  const otherwise = site === undefined ? gateway : createSite(site, api, gateway);
  const { operations, push, durable } = services;
  if (push !== undefined) {
    listener.serveUpgrades((message, socket, head) => push.upgrade(message, socket, head));
  }
  const described = { stackName, region, outputs, databaseEndpoint };
  const local = createLocalEndpoints({ ...described, runners, operations, push, durable, otherwise });
  listener.serve(lab?.before(local, { model, port: listener.port, invoke }) ?? local);
}

function createRunners(
  model: StackModel,
  {
    databaseEndpoint,
    url,
    lab,
  }: { readonly databaseEndpoint: string; readonly url: string; readonly lab: Lab | undefined },
  options: LocalStackOptions,
): { readonly runners: ReadonlyMap<string, FunctionRunner>; readonly invocations: InvocationRecord[] } {
  const invocations: InvocationRecord[] = [];
  const runnerOptions = {
    region: model.region,
    databaseEndpoint: lab?.databaseEndpoint ?? databaseEndpoint,
    clockOffset: lab?.clock.shared,
    serviceEndpoint: url,
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
