import { Duration } from "aws-cdk-lib";
import type { Table } from "aws-cdk-lib/aws-dynamodb";
import {
  EventSourceMapping,
  FilterCriteria,
  StartingPosition,
  type Function as LambdaFunction,
  type IEventSourceDlq,
} from "aws-cdk-lib/aws-lambda";
import type { Bucket } from "aws-cdk-lib/aws-s3";
import type { Construct } from "constructs";
import { STREAM_FILTERS } from "../../src/outbox/names.ts";

/**
 * Lets the outbox read the table's stream. A mapping that is created again begins with what the stream still
 * has, a day of it: told twice is better than not at all.
 */
export function readStream(
  scope: Construct,
  outbox: LambdaFunction,
  { sessions, crashes }: { readonly sessions: Table; readonly crashes: Bucket },
): EventSourceMapping {
  // Not CDK's own `S3OnFailureDestination`: it lets the function read the bucket and delete from it.
  const onFailure: IEventSourceDlq = { bind: () => ({ destination: crashes.bucketArn }) };
  return new EventSourceMapping(scope, "outbox-mapping", {
    target: outbox,
    eventSourceArn: sessions.tableStreamArn ?? "",
    startingPosition: StartingPosition.TRIM_HORIZON,
    filters: STREAM_FILTERS.map((pattern) => FilterCriteria.filter(pattern)),
    batchSize: 100,
    maxBatchingWindow: Duration.seconds(0),
    reportBatchItemFailures: true,
    // One record that the function does not survive must not keep the others of its batch.
    bisectBatchOnError: true,
    retryAttempts: 20,
    onFailure,
  });
}
