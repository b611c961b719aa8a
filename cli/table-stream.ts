import { setTimeout as sleep } from "node:timers/promises";
import type { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import {
  DescribeStreamCommand,
  ExpiredIteratorException,
  GetRecordsCommand,
  GetShardIteratorCommand,
  LimitExceededException,
  TrimmedDataAccessException,
  type Shard,
  type _Record,
} from "@aws-sdk/client-dynamodb-streams";
import type { DynamoDBRecord } from "aws-lambda";
import { faultKind } from "../src/dynamodb/faults.ts";

export interface FollowOptions {
  readonly client: DynamoDBStreamsClient;
  readonly streamArn: string;
  /** `LATEST`: what comes from now on; `TRIM_HORIZON`: all that the stream still has, up to 24 hours. */
  readonly from: "LATEST" | "TRIM_HORIZON";
  readonly signal: AbortSignal;
  /** Records of one item key come in their order. */
  readonly onRecords: (records: readonly DynamoDBRecord[]) => Promise<void>;
  /** Called once, when whatever happens from now on will be seen. */
  readonly onReady: () => void;
  /** Told of what passes, such as throttling: it goes on from where it was. What does not pass is thrown. */
  readonly onFault: (error: unknown) => void;
}

/** A shard is read at most five times a second, and the outbox's mapping reads four times. */
const BETWEEN_ROUNDS_MS = 1000;
const ROUNDS_BETWEEN_SHARDS = 10;

/**
 * Follows a table's stream until the signal says stop. It is one of the two readers that a shard may have
 * beside each other, of which the outbox is one: a second `tail` may slow both down.
 */
export async function followStream(options: FollowOptions): Promise<void> {
  const reader = new StreamReader(options);
  for (let round = 0; !options.signal.aborted; round++) {
    try {
      if (round % ROUNDS_BETWEEN_SHARDS === 0) await reader.findShards();
      await reader.readAll();
    } catch (error) {
      if (round === 0 || !passes(error)) throw error;
      options.onFault(error);
    }
    if (round === 0) options.onReady();
    await sleep(BETWEEN_ROUNDS_MS, undefined, { signal: options.signal }).catch(() => undefined);
  }
}

/** A third reader of a shard meets the limit, too. */
const passes = (error: unknown): boolean =>
  error instanceof LimitExceededException || faultKind(error) !== "fault";

class StreamReader {
  readonly #options: FollowOptions;
  /** By shard; `undefined` once it is read to its end. */
  readonly #iterators = new Map<string, string | undefined>();
  readonly #lastRead = new Map<string, string>();
  readonly #parents = new Map<string, string | undefined>();

  constructor(options: FollowOptions) {
    this.#options = options;
  }

  /** Shards that appear later begin where they begin, whatever was asked for. */
  async findShards(): Promise<void> {
    const isFirst = this.#parents.size === 0;
    for (const {
      ShardId: id = "",
      ParentShardId: parent,
      SequenceNumberRange: range,
    } of await this.#shards()) {
      if (this.#parents.has(id)) continue;
      this.#parents.set(id, parent);
      const isClosed = range?.EndingSequenceNumber !== undefined;
      const from = isFirst ? this.#options.from : "TRIM_HORIZON";
      // Nothing is added to a closed shard.
      if (from === "LATEST" && isClosed) this.#iterators.set(id, undefined);
      else this.#iterators.set(id, await this.#iteratorAt(id, from));
    }
  }

  async readAll(): Promise<void> {
    for (const id of [...this.#iterators.keys()]) {
      const parent = this.#parents.get(id);
      // A child's records come after its parent's.
      if (parent !== undefined && this.#iterators.get(parent) !== undefined) continue;
      await this.#read(id);
    }
  }

  async #shards(): Promise<Shard[]> {
    const { client, streamArn: StreamArn } = this.#options;
    const shards: Shard[] = [];
    let after: string | undefined;
    do {
      const { StreamDescription: page } = await client.send(
        new DescribeStreamCommand({
          StreamArn,
          ...(after !== undefined && { ExclusiveStartShardId: after }),
        }),
      );
      shards.push(...(page?.Shards ?? []));
      after = page?.LastEvaluatedShardId;
    } while (after !== undefined);
    return shards;
  }

  /** After the last record that was read, where one was. */
  async #iteratorAt(ShardId: string, otherwise: "LATEST" | "TRIM_HORIZON"): Promise<string | undefined> {
    const { client, streamArn: StreamArn } = this.#options;
    const last = this.#lastRead.get(ShardId);
    const at =
      last === undefined
        ? { ShardIteratorType: otherwise }
        : { ShardIteratorType: "AFTER_SEQUENCE_NUMBER" as const, SequenceNumber: last };
    try {
      const answer = await client.send(new GetShardIteratorCommand({ StreamArn, ShardId, ...at }));
      return answer.ShardIterator;
    } catch (error) {
      if (!(error instanceof TrimmedDataAccessException) || last === undefined) throw error;
      this.#lastRead.delete(ShardId);
      return this.#iteratorAt(ShardId, "TRIM_HORIZON");
    }
  }

  async #read(id: string): Promise<void> {
    const { client, onRecords } = this.#options;
    const ShardIterator = this.#iterators.get(id);
    if (ShardIterator === undefined) return;
    try {
      const { Records: records = [], NextShardIterator: next } = await client.send(
        new GetRecordsCommand({ ShardIterator }),
      );
      const last = records.at(-1)?.dynamodb?.SequenceNumber;
      if (last !== undefined) this.#lastRead.set(id, last);
      if (records.length > 0) await onRecords(records.map(asLambdaHasIt));
      this.#iterators.set(id, next);
    } catch (error) {
      if (!(error instanceof ExpiredIteratorException)) throw error;
      this.#iterators.set(id, await this.#iteratorAt(id, "LATEST"));
    }
  }
}

const EVENT_NAMES = ["INSERT", "MODIFY", "REMOVE"];
/** Who removes an item for DynamoDB's time to live. DynamoDB Local names the removal otherwise. */
const BY_TTL = { type: "Service", principalId: "dynamodb.amazonaws.com" };

function asLambdaHasIt(record: _Record): DynamoDBRecord {
  const { dynamodb: change, userIdentity, eventName = "", ...rest } = record;
  const identity = EVENT_NAMES.includes(eventName)
    ? userIdentity && { type: userIdentity.Type, principalId: userIdentity.PrincipalId }
    : BY_TTL;
  const time = change?.ApproximateCreationDateTime;
  return {
    ...rest,
    eventName: EVENT_NAMES.includes(eventName) ? eventName : "REMOVE",
    ...(identity && { userIdentity: identity }),
    dynamodb: { ...change, ...(time && { ApproximateCreationDateTime: time.getTime() / 1000 }) },
  } as DynamoDBRecord;
}
