/** The outbox beside which the calls are measured, in a process of its own. */
import { once } from "node:events";
import { wireOutbox } from "../../functions/wiring.ts";
import { startMapping } from "../../local/outbox/mapping.ts";
import { createStreamClient } from "../../local/outbox/stream-client.ts";
import { createDocumentClient } from "../../src/dynamodb/client.ts";
import { createTelemetry } from "../../src/runtime/telemetry.ts";
import type { Work } from "../support/child.ts";
import { ENDPOINT } from "../support/engine.ts";
import { lambdaContext } from "../support/gateway-events.ts";
import { SETTINGS } from "../support/seed.ts";

/** For a parent that runs it. */
export const READING = import.meta.url;

export interface ReadTask {
  readonly tableName: string;
  readonly streamArn: string;
  /** Neither the bus nor the queue takes anything: each batch is tried again and again. */
  readonly isBroken: boolean;
}

/** Told when it ends. */
export interface ReadReport {
  /** Events that the bus took. */
  readonly told: number;
  /** Calls of the function. */
  readonly calls: number;
}

/** As often as Lambda asks a stream. */
const POLL_MS = 250;
const REGION = "eu-central-1";

/** Reads a table's stream and tells what happens, until it is stopped. */
export const readStream: Work<ReadTask, ReadReport> = async function readStream(task, tell, stop) {
  const { tableName, streamArn, isBroken } = task;
  const refusal = isBroken ? { code: "InternalFailure" } : undefined;
  let [told, calls] = [0, 0];
  const handler = wireOutbox({
    documents: createDocumentClient(),
    tables: { sessions: tableName },
    settings: { era: SETTINGS.era },
    telemetry: createTelemetry(Date.now, { leastLevel: "ERROR" }),
    putEvents: (events) => {
      if (!isBroken) told += events.length;
      return Promise.resolve(events.map(() => refusal));
    },
    sendToQueue: (untold) => Promise.resolve(untold.map(() => refusal)),
    publishHint: () => (isBroken ? Promise.reject(new Error("no push")) : Promise.resolve()),
  });
  const mapping = startMapping({
    mapping: MAPPING,
    client: createStreamClient(process.env[ENDPOINT] ?? "", REGION, streamArn),
    region: REGION,
    streamArn,
    invoke: async (payload) => {
      calls++;
      const answer = await handler(JSON.parse(payload), lambdaContext("outbox") as never);
      return { outcome: "answered", payload: JSON.stringify(answer) };
    },
    positions: {},
    onLost: () => undefined,
    onHeld: () => undefined,
    onFault: (error) => void process.stderr.write(`${String(error)}\n`),
    pollMs: POLL_MS,
  });
  if (!stop.aborted) await once(stop, "abort");
  await mapping.stop();
  tell({ told, calls });
};

/** As the template has it; without its filter, which costs the function what it saves elsewhere. */
const MAPPING = {
  logicalId: "Outbox",
  tableName: "sessions",
  functionName: "outbox",
  filters: [],
  startingPosition: "TRIM_HORIZON",
  batchSize: 100,
  windowSeconds: 0,
  reportsItemFailures: true,
  bisects: true,
  mostRetries: undefined,
  longestAgeSeconds: undefined,
  failureDestination: undefined,
} as const;
