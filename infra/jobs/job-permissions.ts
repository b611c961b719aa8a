import type { Table } from "aws-cdk-lib/aws-dynamodb";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { STEP_PARTITIONS } from "../../src/jobs/jobs-table.ts";
import { allow } from "../statements.ts";

/** What logging out a list does with the jobs table: it makes no job, and writes no list. */
export const jobStatements = (jobs: Table): readonly PolicyStatement[] => [
  allow(["GetItem", "UpdateItem"], jobs),
  allow(["Query", "PutItem"], jobs, [STEP_PARTITIONS]),
];

/** By this a durable function writes down its progress, and reads what it wrote. */
export const durableStatement = (functionArn: string): PolicyStatement =>
  new PolicyStatement({
    actions: ["lambda:CheckpointDurableExecution", "lambda:GetDurableExecutionState"],
    // The executions of each version.
    resources: [`${functionArn}:*`],
  });
