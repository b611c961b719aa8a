import { setTimeout as sleep } from "node:timers/promises";
import type { Position, Shard, StreamClient, StreamRecord } from "./stream-client.ts";

/** How far a reader has come, by shard: the last record that was dealt with. It may be kept between runs. */
export type Positions = Record<string, string>;

export interface StreamReaderOptions {
  readonly client: StreamClient;
  /** Where a shard begins that `positions` does not name. */
  readonly startingPosition: "TRIM_HORIZON" | "LATEST";
  readonly positions: Positions;
  /**
   * Deals with the new records of one shard, in their order, which may be none. The shard's next ones wait
   * for it.
   */
  readonly deliver: (records: readonly StreamRecord[], shardId: string) => Promise<void>;
  /** How long is waited after a read, in milliseconds. */
  readonly pollMs: number;
  /** Told of what keeps it from reading; it goes on trying. */
  readonly onFault: (error: unknown) => void;
}

/** Asked for its shards so many reads after the last time, or when one was read to its end. */
const READS_BETWEEN_SHARDS = 40;
const WAIT_AFTER_FAULT_MS = 500;

/**
 * Reads a stream until it is stopped: the shards side by side, each one after its parent ("Process DynamoDB
 * records with Lambda").
 */
export function startStreamReader(options: StreamReaderOptions): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const { signal } = stopping;
  const iterators = new Map<string, string>();
  const ended = new Set<string>();
  let shards: Shard[] = [];
  let readsUntilShards = 0;

  async function iteratorOf(shardId: string): Promise<string | undefined> {
    const known = iterators.get(shardId);
    if (known !== undefined) return known;
    const { client, positions, startingPosition } = options;
    const iterator =
      (await client.iterator(shardId, positionIn(positions, shardId, startingPosition))) ??
      (await client.iterator(shardId, { type: "TRIM_HORIZON" }));
    if (iterator !== undefined) iterators.set(shardId, iterator);
    return iterator;
  }

  async function readOnce(shardId: string): Promise<void> {
    const iterator = await iteratorOf(shardId);
    if (iterator === undefined) return;
    const read = await options.client.read(iterator);
    iterators.delete(shardId);
    if (read === "expired" || signal.aborted) return;
    await options.deliver(read.records, shardId);
    if (read.next !== undefined) iterators.set(shardId, read.next);
    else {
      ended.add(shardId);
      readsUntilShards = 0;
    }
  }

  async function round(): Promise<void> {
    if (readsUntilShards-- <= 0) {
      shards = await options.client.shards();
      readsUntilShards = READS_BETWEEN_SHARDS;
    }
    await Promise.all(readableShards(shards, ended).map(({ id }) => readOnce(id)));
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      try {
        await round();
        await sleep(options.pollMs, undefined, { signal });
      } catch (error) {
        if (isAborted(signal)) return;
        options.onFault(error);
        await sleep(WAIT_AFTER_FAULT_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  const running = run();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

/** Asked again after a wait, which the compiler does not know to change it. */
const isAborted = (signal: AbortSignal): boolean => signal.aborted;

/** The shards that can be read now: those not yet at their end whose parent is, or is no longer there. */
export function readableShards(shards: readonly Shard[], ended: ReadonlySet<string>): Shard[] {
  const isOpen = (id: string) => shards.some((shard) => shard.id === id) && !ended.has(id);
  return shards.filter(({ id, parentId }) => !ended.has(id) && (parentId === undefined || !isOpen(parentId)));
}

function positionIn(positions: Positions, shardId: string, start: "TRIM_HORIZON" | "LATEST"): Position {
  const sequenceNumber = positions[shardId];
  return sequenceNumber === undefined ? { type: start } : { type: "AFTER_SEQUENCE_NUMBER", sequenceNumber };
}
