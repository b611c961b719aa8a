import { readCloudAssembly } from "./model/cloud-assembly.ts";
import type { ApiModel } from "./model/api-model.ts";
import type { FunctionModel } from "./model/function-model.ts";
import { refuseUnsupported } from "./model/resource.ts";
import { addressesOf, readStack, type StackModel } from "./model/stack-model.ts";
import { runnerNamed, startGeneration, type Generation, type Ground } from "./generation.ts";
import { listen, listenNear, type Listener } from "./gateway/listener.ts";
import type { InvocationResult } from "./lambda/function-instance.ts";
import type { InvocationRecord } from "./lambda/function-runner.ts";
import { labUrl, startLab } from "./lab/lab.ts";
import type { LostBatch } from "./outbox/batch-runner.ts";
import type { BusEvent } from "./outbox/event-bus.ts";
import { openPositions } from "./outbox/positions-file.ts";
import { createLocalProviders, type RunningProvider } from "./provider/local-providers.ts";
import { REALTIME_PATH } from "./push/push-server.ts";
import { prepare, type Undo } from "./prepare.ts";
import { createSecretValues } from "./secrets.ts";
import { createTables, localDynamoDb } from "./tables.ts";
import type { LocalStackOptions } from "./stack-options.ts";

export type { LocalStackOptions } from "./stack-options.ts";

/** A stack that runs on this machine. */
export interface LocalStack {
  /** `http://localhost:3000` */
  readonly url: string;
  readonly port: number;
  readonly stackName: string;
  readonly region: string;
  readonly databaseEndpoint: string;
  /** Where each API answers; the first one's address is `url`. */
  readonly apis: readonly RunningApi[];
  /** Names of the tables by logical id, and by each output that gives one: `tables.SessionsTableName`. */
  readonly tables: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
  /** Whether the changes of a table reach a function, which tells of them. */
  readonly tellsChanges: boolean;
  /** Where clients of push connect, `ws://localhost:3000/event/realtime`, for each Event API. */
  readonly realtimeUrls: readonly string[];
  /** The last invocations that ended, oldest first. */
  readonly invocations: readonly InvocationRecord[];
  /** The last events that a bus took, oldest first. */
  readonly events: readonly BusEvent[];
  /** The last batches of changes that a mapping gave up, oldest first. */
  readonly lostBatches: readonly LostBatch[];
  /** `http://localhost:3000/_local`, where the lab is served. */
  readonly labUrl: string | undefined;
  /** The cloud assembly that runs. */
  readonly assembly: string;
  /** The functions that run. */
  readonly functions: readonly Pick<FunctionModel, "name" | "constructId" | "entry">[];
  /** The local providers that stand in the place of the real ones. */
  readonly providers: readonly RunningProvider[];
  /** Invokes a function directly. `event` is passed as JSON, and so is the answer. */
  invoke(functionName: string, event: unknown): Promise<DirectAnswer>;
  /** Ends what runs of a function at this moment, as a crash does. */
  crash(functionName: string): Promise<void>;
  /** Later invocations of these functions load their code anew; all else goes on. */
  renew(functionNames: readonly string[]): void;
  /**
   * Runs another cloud assembly in the place of the present one: the database and the tables stay, and so do
   * the addresses of the APIs that both have. Where that fails, the present one goes on.
   * @throws LocalStackError for what a person can put right.
   */
  reload(synthesizedFolder: string): Promise<LocalStack>;
  /** Stops everything that was started. */
  stop(): Promise<void>;
}

export interface RunningApi {
  /** The construct's id. */
  readonly name: string;
  readonly kind: ApiModel["kind"];
  /** With the stage, where that is in the path: `http://localhost:3000/prod`. */
  readonly urls: readonly string[];
}

export type DirectAnswer =
  | { readonly outcome: "answered"; readonly answer: unknown }
  | Extract<InvocationResult, { outcome: "fault" }>;

/**
 * Synthesizes the CDK app and runs what comes of it: tables in DynamoDB Local, functions from their bundles,
 * the APIs on localhost, direct invocation, and what follows from the tables' changes: functions that read
 * their streams, event buses, queues, push. Nothing but what the template says is wired.
 * @throws LocalStackError for what a person can put right.
 */
export async function startLocalStack(options: LocalStackOptions = {}): Promise<LocalStack> {
  const undo: Undo = [];
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopping ??= undoAll(undo));
  try {
    // First of all, so that a port in use is known before the slow work.
    const listener = await listen(options.port ?? 0);
    const listeners = [listener];
    undo.push(() => Promise.all(listeners.map((each) => each.close())));
    const { folder, databaseEndpoint } = await prepare(options, undo);
    options.signal?.throwIfAborted();

    const { url } = listener;
    const positions = openPositions(options.dataFolder);
    const kept = { positions, events: [], lostBatches: [], invocations: [] };
    const lab = options.lab && (await startLab(databaseEndpoint, options.lab));
    if (lab !== undefined) undo.push(() => lab.stop());
    const providers =
      options.signIn &&
      createLocalProviders({
        ...options.signIn,
        near: () => (listeners.at(-1)?.port ?? 0) + 1,
        offsetMs: () => lab?.clock.offsetMs() ?? 0,
        onMissing: options.onUnsupported ?? refuseUnsupported,
      });
    if (providers !== undefined) undo.push(() => providers.stop());
    const ground: Ground = { databaseEndpoint, url, kept, options, lab, providers };
    const secretsIn = createSecretValues();
    let current: Generation | undefined;
    undo.push(async () => current?.stop());

    async function take(next: Generation): Promise<void> {
      const before = current;
      current = next;
      next.serve(listeners);
      await before?.stop();
    }

    async function run(synthesizedFolder: string): Promise<LocalStack> {
      const stacks = readCloudAssembly(synthesizedFolder, options);
      await provideListeners(listeners, addressesOf(stacks).count);
      const model = readStack(stacks, {
        ...{ url, secretsIn, otherUrls: listeners.slice(1).map((each) => each.url) },
        ...(options.tableNameSuffix !== undefined && { tableNameSuffix: options.tableNameSuffix }),
        ...(options.onUnsupported !== undefined && { onUnsupported: options.onUnsupported }),
        ...(options.provided !== undefined && { provided: options.provided }),
      });
      options.onModel?.(model);
      await createTablesOf(model, databaseEndpoint);
      // Two at once would read the same changes of the tables.
      const before = current;
      await before?.services.stop();
      const next = await startGeneration(model, ground).catch(async (error: unknown) => {
        if (before !== undefined) await take(await startGeneration(before.model, ground));
        throw error;
      });
      await take(next);
      return describe(next, synthesizedFolder);
    }

    const describe = (generation: Generation, assembly: string): LocalStack => ({
      assembly,
      ...factsOf(generation, listeners, databaseEndpoint),
      labUrl: lab && labUrl(listener.port),
      providers: providers?.running() ?? [],
      ...{ invocations: kept.invocations, events: kept.events, lostBatches: kept.lostBatches },
      async invoke(functionName, event) {
        const { runners } = current ?? generation;
        const result = await runnerNamed(runners, functionName).invoke(JSON.stringify(event));
        return result.outcome === "fault"
          ? result
          : { outcome: "answered", answer: JSON.parse(result.payload) as unknown };
      },
      crash: (functionName) => runnerNamed((current ?? generation).runners, functionName).crash(),
      renew(functionNames) {
        for (const name of functionNames) runnerNamed((current ?? generation).runners, name).renew();
      },
      reload: run,
      stop,
    });
    const stack = await run(folder);
    options.signal?.throwIfAborted();
    return stack;
  } catch (error) {
    await stop();
    throw error;
  }
}

async function undoAll(undo: Undo): Promise<void> {
  for (const step of undo.reverse()) await step();
}

/** As many as there are addresses, at ports after the first one's; those that are there already stay. */
async function provideListeners(listeners: Listener[], count: number): Promise<void> {
  while (listeners.length < count) {
    const last = listeners.at(-1);
    listeners.push(await listenNear((last?.port ?? 0) + 1));
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

type Facts =
  | "url"
  | "port"
  | "databaseEndpoint"
  | "stackName"
  | "region"
  | "apis"
  | "tables"
  | "outputs"
  | "functions"
  | "tellsChanges"
  | "realtimeUrls";

function factsOf(
  { model, services }: Generation,
  [listener, ...others]: readonly Listener[],
  databaseEndpoint: string,
): Pick<LocalStack, Facts> {
  const { url = "", port = 0 } = listener ?? {};
  const urlAt = (place: number): string => (place === 0 ? url : (others[place - 1]?.url ?? url));
  return {
    ...{ url, port, databaseEndpoint },
    stackName: model.stackName,
    region: model.region,
    apis: model.apis.map((api, index) => runningApi(api, urlAt(index))),
    tables: tableNames(model),
    outputs: model.outputs,
    functions: model.functions,
    tellsChanges: model.mappings.length > 0,
    realtimeUrls: services.pushes.map(({ place }) => `ws://${new URL(urlAt(place)).host}${REALTIME_PATH}`),
  };
}

const runningApi = ({ constructId, kind, stages }: ApiModel, url: string): RunningApi => ({
  name: constructId,
  kind,
  urls: stages.map((stage) => (stage === "$default" ? url : `${url}/${stage}`)),
});

function tableNames({ tables, outputs }: StackModel): Record<string, string> {
  const names = new Set(tables.map(({ name }) => name));
  return {
    ...Object.fromEntries(tables.map(({ logicalId, name }) => [logicalId, name])),
    ...Object.fromEntries(Object.entries(outputs).filter(([, value]) => names.has(value))),
  };
}
