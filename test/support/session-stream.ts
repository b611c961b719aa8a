import { UpdateTableCommand } from "@aws-sdk/client-dynamodb";
import type { DynamoDBRecord } from "aws-lambda";
import { inject } from "vitest";
import { sdkClient } from "./dynamodb.ts";
import { LOCAL } from "./local-client.ts";

/** Reads the stream of a table in the test database, as the mapping of a Lambda function does. */
export interface SessionStream {
  /** The records that came since the last call, as Lambda would pass them on. */
  readonly read: () => Promise<DynamoDBRecord[]>;
}

interface StreamsAnswer {
  readonly StreamDescription?: { readonly Shards: readonly { readonly ShardId: string }[] };
  readonly ShardIterator?: string;
  readonly Records?: readonly DynamoDBRecord[];
}

/** DynamoDB Local shows a transaction's records up to 73 ms after its answer. */
const SHOWN_LATER_MS = 100;
/** What DynamoDB Local calls a removal by time to live, of which it names no identity. */
const REMOVED_BY_TTL = "UNKNOWN_TO_SDK_VERSION";

/** Turns the stream of a table on, from whose beginning on it is then read. */
export async function openSessionStream(tableName: string): Promise<SessionStream> {
  const client = sdkClient();
  const { TableDescription: table } = await client.send(
    new UpdateTableCommand({
      TableName: tableName,
      StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
    }),
  );
  client.destroy();
  const StreamArn = table?.LatestStreamArn;
  const { StreamDescription } = await call("DescribeStream", { StreamArn });
  const ShardId = StreamDescription?.Shards[0]?.ShardId;
  let last: string | undefined;
  const iterator = async (): Promise<string | undefined> => {
    const after = { ShardIteratorType: "AFTER_SEQUENCE_NUMBER", SequenceNumber: last };
    const from = last === undefined ? { ShardIteratorType: "TRIM_HORIZON" } : after;
    return (await call("GetShardIterator", { StreamArn, ShardId, ...from })).ShardIterator;
  };
  return {
    async read() {
      const records: DynamoDBRecord[] = [];
      for (;;) {
        await new Promise((resolve) => setTimeout(resolve, SHOWN_LATER_MS));
        const some = await readFrom(iterator);
        if (some.length === 0) return records;
        records.push(...some.map(toLambdaRecord));
        last = records.at(-1)?.dynamodb?.SequenceNumber;
      }
    },
  };
}

/** While other tables of DynamoDB Local are written, it takes an iterator for one that is too old. */
async function readFrom(iterator: () => Promise<string | undefined>): Promise<readonly DynamoDBRecord[]> {
  for (let tries = 1; ; tries++) {
    try {
      const { Records = [] } = await call("GetRecords", { ShardIterator: await iterator() });
      return Records;
    } catch (error) {
      if (tries === MOST_TRIES || !String(error).includes("TrimmedDataAccessException")) throw error;
    }
  }
}

const MOST_TRIES = 10;

async function call(action: string, body: object): Promise<StreamsAnswer> {
  const credential = `${LOCAL.credentials.accessKeyId}/20300101/${LOCAL.region}/dynamodb/aws4_request`;
  const response = await fetch(inject("dynamoDbEndpoint"), {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": `DynamoDBStreams_20120810.${action}`,
      authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=0`,
    },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${action}: ${response.status} ${await response.text()}`);
  return (await response.json()) as StreamsAnswer;
}

/** DynamoDB Local gives times in whole minutes; AWS in whole seconds. */
function toLambdaRecord(record: DynamoDBRecord): DynamoDBRecord {
  const ApproximateCreationDateTime = Math.floor(Date.now() / 1000);
  const isByTtl = (record.eventName as string) === REMOVED_BY_TTL;
  return {
    ...record,
    ...(isByTtl && {
      eventName: "REMOVE",
      userIdentity: { type: "Service", principalId: "dynamodb.amazonaws.com" },
    }),
    dynamodb: { ...record.dynamodb, ApproximateCreationDateTime },
  };
}
