import type { Table } from "aws-cdk-lib/aws-dynamodb";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { endingKey, sessionKey } from "../../src/sessions/table.ts";
import { allow } from "../statements.ts";
import type { OutboxTargets } from "./targets.ts";

const SESSIONS = sessionKey("*").pk;
const ENDINGS = endingKey("*").pk;

/** What the outbox may do: read why sessions ended, and tell it to its targets. It writes nothing. */
export const outboxStatements = (
  sessions: Table,
  { busArn, untold, crashes, namespaceArns }: OutboxTargets,
): readonly PolicyStatement[] => [
  allow(["BatchGetItem"], sessions, [ENDINGS]),
  // Of session and ending in one transaction, where the ending cannot be read yet.
  allow(["GetItem"], sessions, [SESSIONS, ENDINGS]),
  new PolicyStatement({ actions: ["events:PutEvents"], resources: [busArn] }),
  new PolicyStatement({ actions: ["sqs:SendMessage"], resources: [untold.queueArn] }),
  ...(namespaceArns.length > 0
    ? [new PolicyStatement({ actions: ["appsync:EventPublish"], resources: [...namespaceArns] })]
    : []),
  ...ofTheMapping(sessions, crashes.bucketArn),
];

/**
 * What Lambda itself does by the function's role: it reads the stream, and keeps the batches that it gives up
 * ("Using AWS Lambda with Amazon DynamoDB", Lambda Developer Guide).
 */
const ofTheMapping = (sessions: Table, crashesArn: string): readonly PolicyStatement[] => [
  new PolicyStatement({
    actions: ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"],
    resources: [sessions.tableStreamArn ?? ""],
  }),
  new PolicyStatement({
    actions: ["dynamodb:ListStreams"],
    resources: [`${sessions.tableArn}/stream/*`],
  }),
  new PolicyStatement({ actions: ["s3:ListBucket"], resources: [crashesArn] }),
  new PolicyStatement({ actions: ["s3:PutObject"], resources: [`${crashesArn}/*`] }),
];
