import { z } from "zod";

/** A shard of a stream. */
export interface Shard {
  readonly id: string;
  readonly parentId: string | undefined;
}

/** A record as the stream's API gives it, which is how Lambda passes it on. */
export type StreamRecord = z.infer<typeof recordSchema>;

const recordSchema = z.looseObject({
  eventID: z.string(),
  eventName: z.string(),
  userIdentity: z.unknown().optional(),
  dynamodb: z.looseObject({ ApproximateCreationDateTime: z.number(), SequenceNumber: z.string() }),
});

export interface RecordsRead {
  readonly records: readonly StreamRecord[];
  /** `undefined` where the shard is closed and read to its end. */
  readonly next: string | undefined;
}

/** After which record reading begins; `undefined` is before the first, or after the last. */
export type Position =
  | { readonly type: "TRIM_HORIZON" | "LATEST" }
  | { readonly type: "AFTER_SEQUENCE_NUMBER"; readonly sequenceNumber: string };

/** The stream is asked through its own protocol, since Lambda's records are its JSON as it is. */
export interface StreamClient {
  shards(): Promise<Shard[]>;
  /** An iterator at a position, or `undefined` where the records there are gone. */
  iterator(shardId: string, position: Position): Promise<string | undefined>;
  /** `expired` where the iterator is too old: a new one goes on from the last record. */
  read(iterator: string): Promise<RecordsRead | "expired">;
}

const shardsSchema = z.object({
  StreamDescription: z.object({
    Shards: z.array(z.object({ ShardId: z.string(), ParentShardId: z.string().optional() })).default([]),
    LastEvaluatedShardId: z.string().optional(),
  }),
});
const iteratorSchema = z.object({ ShardIterator: z.string() });
const recordsSchema = z.object({
  Records: z.array(recordSchema),
  NextShardIterator: z.string().optional(),
});
const errorSchema = z.object({ __type: z.string().default(""), Message: z.string().optional() });

export class StreamError extends Error {
  readonly type: string;
  constructor(type: string, message: string) {
    super(`${type}: ${message}`);
    this.type = type;
  }
}

/** A client of one table's stream in DynamoDB Local, whose signatures nobody verifies. */
export function createStreamClient(endpoint: string, region: string, streamArn: string): StreamClient {
  async function call(action: string, body: object): Promise<unknown> {
    const credential = `local/20260101/${region}/dynamodb/aws4_request`;
    const response = await fetch(endpoint, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": `DynamoDBStreams_20120810.${action}`,
        authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=0`,
      },
      body: JSON.stringify(body),
    });
    const answer = (await response.json()) as unknown;
    if (response.ok) return answer;
    const { __type: type, Message } = errorSchema.parse(answer);
    throw new StreamError(type.split("#").at(-1) ?? type, Message ?? "");
  }

  return {
    async shards() {
      const shards: Shard[] = [];
      let after: string | undefined;
      do {
        const body = { StreamArn: streamArn, ...(after !== undefined && { ExclusiveStartShardId: after }) };
        const { StreamDescription: page } = shardsSchema.parse(await call("DescribeStream", body));
        shards.push(...page.Shards.map(({ ShardId: id, ParentShardId: parentId }) => ({ id, parentId })));
        after = page.LastEvaluatedShardId;
      } while (after !== undefined);
      return shards;
    },
    async iterator(shardId, position) {
      const body = {
        StreamArn: streamArn,
        ShardId: shardId,
        ShardIteratorType: position.type,
        ...(position.type === "AFTER_SEQUENCE_NUMBER" && { SequenceNumber: position.sequenceNumber }),
      };
      try {
        return iteratorSchema.parse(await call("GetShardIterator", body)).ShardIterator;
      } catch (error) {
        if (error instanceof StreamError && error.type === "TrimmedDataAccessException") return undefined;
        throw error;
      }
    },
    async read(iterator) {
      try {
        const answer = recordsSchema.parse(await call("GetRecords", { ShardIterator: iterator }));
        return { records: answer.Records, next: answer.NextShardIterator };
      } catch (error) {
        const isExpired = error instanceof StreamError && EXPIRED.includes(error.type);
        if (isExpired) return "expired";
        throw error;
      }
    },
  };
}

const EXPIRED = ["ExpiredIteratorException", "TrimmedDataAccessException"];
