import { setTimeout as sleep } from "node:timers/promises";
import { UpdateTableCommand } from "@aws-sdk/client-dynamodb";
import type { DynamoDBRecord } from "aws-lambda";

import { toLambdaRecord } from "../../local/outbox/lambda-record.ts";
import { createStreamClient, type RecordsRead, type StreamClient } from "../../local/outbox/stream-client.ts";
import { testDatabaseEndpoint } from "./database-endpoint.ts";
import { sdkClient } from "./dynamodb.ts";
import { LOCAL } from "./local-client.ts";

/** Reads the stream of a table in the test database, as the mapping of a Lambda function does. */
export interface SessionStream {
  /** The records that came since the last call, as Lambda would pass them on. */
  readonly read: () => Promise<DynamoDBRecord[]>;
}

/** DynamoDB Local shows a transaction's records up to 73 ms after its answer. */
const SHOWN_LATER_MS = 100;

/** Turns the stream of a table on, from whose beginning on it is then read. */
export async function openSessionStream(tableName: string): Promise<SessionStream> {
  const { region } = LOCAL;
  const streamArn = await turnOnStream(tableName);
  const client = createStreamClient(testDatabaseEndpoint(), region, streamArn);
  const [shard] = await client.shards();
  if (shard === undefined) throw new Error(`the stream of ${tableName} has no shard`);
  let last: string | undefined;
  return {
    async read() {
      const records: DynamoDBRecord[] = [];
      for (;;) {
        await sleep(SHOWN_LATER_MS);
        const some = await readAfter(client, shard.id, last);
        last = some.at(-1)?.dynamodb.SequenceNumber ?? last;
        if (some.length === 0) return records;
        const now = Date.now();
        records.push(
          ...some.map((record) => toLambdaRecord(record, { region, streamArn, now }) as DynamoDBRecord),
        );
      }
    },
  };
}

async function turnOnStream(TableName: string): Promise<string> {
  const client = sdkClient();
  const StreamSpecification = { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" } as const;
  const answer = await client.send(new UpdateTableCommand({ TableName, StreamSpecification }));
  client.destroy();
  return answer.TableDescription?.LatestStreamArn ?? "";
}

const MOST_TRIES = 10;

/** While other tables of DynamoDB Local are written, it takes an iterator for one that is too old. */
async function readAfter(
  client: StreamClient,
  shardId: string,
  last: string | undefined,
): Promise<RecordsRead["records"]> {
  for (let tries = 1; tries <= MOST_TRIES; tries++) {
    const iterator = await client.iterator(
      shardId,
      last === undefined ? { type: "TRIM_HORIZON" } : { type: "AFTER_SEQUENCE_NUMBER", sequenceNumber: last },
    );
    const read = iterator === undefined ? "expired" : await client.read(iterator);
    if (read !== "expired") return read.records;
  }
  throw new Error(`the iterators of a stream expired ${MOST_TRIES} times`);
}
