import type { InvocationResult } from "../lambda/function-instance.ts";
import type { MappingModel } from "../model/mapping-model.ts";
import { createBatchRunner, type HeldBatch, type LostBatch } from "./batch-runner.ts";
import { toLambdaRecord } from "./lambda-record.ts";
import type { StreamClient, StreamRecord } from "./stream-client.ts";
import { startStreamReader, type Positions } from "./stream-reader.ts";

export interface MappingOptions {
  readonly mapping: MappingModel;
  readonly client: StreamClient;
  readonly region: string;
  /** What records say where they come from. */
  readonly streamArn: string;
  readonly invoke: (payload: string) => Promise<InvocationResult>;
  /** Goes on from there, and is kept up to date. */
  readonly positions: Positions;
  readonly onLost: (batch: LostBatch) => void;
  readonly onHeld: (batch: HeldBatch) => void;
  readonly onFault: (error: unknown) => void;
  readonly pollMs: number;
}

/** Runs an event source mapping until it is stopped: from the stream through the filter to the function. */
export function startMapping(options: MappingOptions): { stop(): Promise<void> } {
  const { mapping, positions } = options;
  const stopping = new AbortController();
  /** By shard: what passed the filter and waits for its batch to be full, or for the window to end. */
  const waiting = new Map<string, { readonly records: StreamRecord[]; since: number }>();

  async function send(records: readonly StreamRecord[], shardId: string): Promise<void> {
    const run = createBatchRunner({
      mapping,
      invoke: options.invoke,
      onLost: options.onLost,
      onHeld: options.onHeld,
      onDone: ({ dynamodb }) => (positions[shardId] = dynamodb.SequenceNumber),
      signal: stopping.signal,
      clock: Date.now,
    });
    await run(records);
  }

  async function deliver(read: readonly StreamRecord[], shardId: string): Promise<void> {
    const now = Date.now();
    const { region, streamArn } = options;
    const collected = waiting.get(shardId) ?? { records: [], since: now };
    waiting.set(shardId, collected);
    if (collected.records.length === 0) collected.since = now;
    const records = read.map((record) => toLambdaRecord(record, { region, streamArn, now }));
    collected.records.push(...records.filter((record) => passes(mapping, record)));
    const isDue = now - collected.since >= mapping.windowSeconds * 1000;
    while (collected.records.length >= (isDue ? 1 : mapping.batchSize) && !stopping.signal.aborted) {
      await send(collected.records.splice(0, mapping.batchSize), shardId);
    }
    const last = records.at(-1);
    const isAllDone = collected.records.length === 0 && !stopping.signal.aborted;
    if (last !== undefined && isAllDone) positions[shardId] = last.dynamodb.SequenceNumber;
  }

  const reader = startStreamReader({
    client: options.client,
    startingPosition: mapping.startingPosition,
    positions,
    deliver,
    pollMs: options.pollMs,
    onFault: options.onFault,
  });
  return {
    async stop() {
      stopping.abort();
      await reader.stop();
    },
  };
}

const passes = ({ filters }: MappingModel, record: StreamRecord): boolean =>
  filters.length === 0 || filters.some((filter) => filter(record));
