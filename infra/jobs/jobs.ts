import { Annotations, Stack, Validations, type CfnElement } from "aws-cdk-lib";
import { Policy } from "aws-cdk-lib/aws-iam";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";
import { JOBS, RUN_JOB } from "../function-ids.ts";
import { createFunction, type FunctionContext } from "../functions.ts";
import { durableStatement } from "./job-permissions.ts";

/** The functions of jobs. */
export interface JobFunctions {
  /** The durable function that logs out lists. */
  readonly runJob: LambdaFunction;
  /** What answers the calls about jobs, and starts the other. */
  readonly calls: LambdaFunction;
}

/** The functions of jobs; `undefined` where jobs are off. */
export function createJobs(scope: Construct, context: FunctionContext): JobFunctions | undefined {
  if (!context.settings.jobs) return undefined;
  const runJob = createRunJob(scope, context);
  return { runJob, calls: createFunction(scope, JOBS, { ...context, runJob }) };
}

function createRunJob(scope: Construct, context: FunctionContext): LambdaFunction {
  const lambda = createFunction(scope, RUN_JOB, context);
  // The function is new with its deployment, whatever was there before.
  Annotations.of(lambda).acknowledgeInfo(
    "aws-lambda:Function.DurableConfig",
    "It was durable from the first.",
  );
  allowProgress(scope, lambda);
  return lambda;
}

/**
 * A policy of its own: it names the function, and the function waits for the policy of its role. Lambda asks
 * for it when a job runs.
 */
function allowProgress(scope: Construct, lambda: LambdaFunction): void {
  const { role } = lambda;
  const policy = new Policy(scope, `${RUN_JOB}-progress`, {
    ...(role && { roles: [role] }),
    statements: [durableStatement(lambda.functionArn)],
  });
  const id = Stack.of(lambda).getLogicalId(lambda.node.defaultChild as CfnElement);
  Validations.of(policy).acknowledge({
    id: `AwsSolutions-IAM5[Resource::<${id}.Arn>:*]`,
    reason: "Executions belong to a version of the function, and each deployment may make one.",
  });
}
