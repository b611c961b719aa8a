import type { StreamRecord } from "./stream-client.ts";

/** DynamoDB Local gives times in whole minutes; on AWS they are in whole seconds. */
const MINUTE_SECONDS = 60;
/** What DynamoDB Local calls a removal by time to live. */
const REMOVED_BY_TTL = "UNKNOWN_TO_SDK_VERSION";

/**
 * A record of DynamoDB Local as Lambda would pass it on. The Region and the stream's ARN are the stack's. A
 * removal by time to live says so in AWS's way ("DynamoDB Streams and Time to Live"). The record's time is
 * when it is read, or, where that is more than a minute later, the end of its minute.
 * @param now epoch milliseconds.
 */
export function toLambdaRecord(
  record: StreamRecord,
  { region, streamArn, now }: { readonly region: string; readonly streamArn: string; readonly now: number },
): StreamRecord {
  const minute = record.dynamodb.ApproximateCreationDateTime;
  const ApproximateCreationDateTime = Math.min(Math.floor(now / 1000), minute + MINUTE_SECONDS - 1);
  return {
    ...record,
    ...(record.eventName === REMOVED_BY_TTL && {
      eventName: "REMOVE",
      userIdentity: { type: "Service", principalId: "dynamodb.amazonaws.com" },
    }),
    awsRegion: region,
    eventSourceARN: streamArn,
    dynamodb: { ...record.dynamodb, ApproximateCreationDateTime },
  };
}
