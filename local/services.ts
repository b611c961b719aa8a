import type { InvocationResult, LogLine } from "./lambda/function-instance.ts";
import { createDurableHost, type DurableHost } from "./lambda/durable-host.ts";
import type { StackModel } from "./model/stack-model.ts";
import type { Operation } from "./outbox/aws-json-api.ts";
import type { LostBatch } from "./outbox/batch-runner.ts";
import { createEventBus, putEventsSchema, type BusEvent } from "./outbox/event-bus.ts";
import type { PositionsFile } from "./outbox/positions-file.ts";
import { queueOperations } from "./outbox/queue-operations.ts";
import { startMappings } from "./outbox/start-mappings.ts";
import type { PushServer } from "./push/push-server.ts";
import { createStackPush } from "./push/stack-push.ts";

export interface ServicesOptions {
  readonly model: StackModel;
  readonly databaseEndpoint: string;
  /** Where the local stack answers. */
  readonly url: string;
  readonly invoke: (functionName: string, payload: string) => Promise<InvocationResult>;
  /** Invokes a function without waiting for it. */
  readonly invokeLater: (functionName: string, payload: string) => void;
  /** What goes on where these services are started anew. */
  readonly kept: Kept;
  readonly log: (line: LogLine) => void;
  readonly onEvent: (event: BusEvent, busName: string) => void;
  /** Whether what the template schedules is done: at once, and then as often as it says. */
  readonly schedules: boolean;
}

/** What outlives the services: how far the mappings have come, and what there was. */
export interface Kept {
  readonly positions: PositionsFile;
  /** The last events that were told, oldest first. */
  readonly events: BusEvent[];
  /** The last batches that a mapping gave up, oldest first. */
  readonly lostBatches: LostBatch[];
}

/** A server of push, and which address of the stack it answers at. */
export interface PlacedPush {
  readonly place: number;
  readonly server: PushServer;
}

/** The services beside the database that run in this process, as far as the template has use for them. */
export interface Services {
  readonly operations: Readonly<Record<string, Operation>>;
  /** An Event API each. */
  readonly pushes: readonly PlacedPush[];
  readonly durable: DurableHost;
  /** Ends them, and all connections. What functions do for them is waited for: it ends with the functions. */
  stop(): Promise<void>;
}

const KEPT = 10_000;

/**
 * Starts what the stack's own port speaks beside HTTP: buses, queues, push; and the mappings of streams.
 * @throws LocalStackError for what of the template does not run here.
 */
export async function startServices(options: ServicesOptions): Promise<Services> {
  const { model, log } = options;
  const { events, lostBatches, positions } = options.kept;
  const stopping = new AbortController();
  const say = (service: string, what: unknown): void =>
    log({ functionName: service, stream: "stderr", line: String(what) });
  const bus = createEventBus({
    buses: model.buses,
    region: model.region,
    invokeLater: options.invokeLater,
    onEvent: (event, busName) => {
      keep(events, event);
      options.onEvent(event, busName);
    },
    onUndeliverable: (why) => say("events", why),
  });
  const durable = createDurableHost(log);
  const onFault = (error: unknown): void => say("push", error);
  const pushes = model.eventApis.map((api) => ({
    place: api.place,
    server: createStackPush(api, { invoke: options.invoke, onFault }),
  }));
  const timers = (options.schedules ? model.buses.schedules : []).map((schedule) => {
    const invoke = (): void => options.invokeLater(schedule.functionName, schedule.payload);
    invoke();
    return setInterval(invoke, schedule.everyMs).unref();
  });
  const mappings = await startMappings({
    ...{ model, log, invoke: options.invoke },
    databaseEndpoint: options.databaseEndpoint,
    positions,
    onLost: (batch) => keep(lostBatches, batch),
  });
  return {
    operations: {
      "AWSEvents.PutEvents": (input) => bus.putEvents(putEventsSchema.parse(input)),
      ...queueOperations(model.queues, options.url, stopping.signal),
    },
    pushes,
    durable,
    async stop() {
      stopping.abort();
      for (const timer of timers) clearInterval(timer);
      for (const { server } of pushes) server.close();
      await durable.stop();
      await mappings.stop();
    },
  };
}

function keep<Item>(list: Item[], item: Item): void {
  list.push(item);
  if (list.length > KEPT) list.shift();
}
