import type { Table } from "aws-cdk-lib/aws-dynamodb";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { JOBS_PARTITION, STEP_PARTITIONS } from "../../src/jobs/jobs-table.ts";
import { allow } from "../statements.ts";

/** What logging out a list does with the jobs table: it makes no job, and writes no list. */
export const jobStatements = (jobs: Table): readonly PolicyStatement[] => [
  allow(["GetItem", "UpdateItem"], jobs),
  allow(["Query", "PutItem"], jobs, [STEP_PARTITIONS]),
];

/**
 * What the calls about jobs may do: make jobs and their lists, read how far they are, and start the one
 * function. What came of a list's users they cannot read, nor log anybody out themselves.
 */
export const callJobStatements = (jobs: Table, runJob: LambdaFunction): readonly PolicyStatement[] => [
  allow(["GetItem", "Query", "UpdateItem"], jobs, [JOBS_PARTITION]),
  allow(["PutItem"], jobs, [JOBS_PARTITION, STEP_PARTITIONS]),
  new PolicyStatement({
    actions: ["lambda:InvokeFunction"],
    // A durable function is invoked by a version. Of the latest one IAM may ask by either name.
    resources: [runJob.functionArn, `${runJob.functionArn}:$LATEST`],
  }),
];

/** By this a durable function writes down its progress, and reads what it wrote. */
export const durableStatement = (functionArn: string): PolicyStatement =>
  new PolicyStatement({
    actions: ["lambda:CheckpointDurableExecution", "lambda:GetDurableExecutionState"],
    // The executions of each version.
    resources: [`${functionArn}:*`],
  });
