import { Duration } from "aws-cdk-lib";
import type { Function as LambdaFunction, IDestination } from "aws-cdk-lib/aws-lambda";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { createFailureQueue } from "./failure-queue.ts";

/**
 * Where Lambda puts the events of asynchronous callers, of EventBridge above all, that the administrators'
 * logout did not carry out to the end: a revocation must not get lost where nobody reads the answer.
 */
export const createRevocationFailures = (scope: Construct, encryptionKey?: IKey): Queue =>
  createFailureQueue(scope, "revocation-failures", encryptionKey);

/** The function's role must allow to send to the queue. */
export function deliverFailures(adminLogout: LambdaFunction, queue: Queue): void {
  // Not CDK's own `SqsDestination`: it grants by a second policy.
  const onFailure: IDestination = { bind: () => ({ destination: queue.queueArn }) };
  adminLogout.configureAsyncInvoke({ retryAttempts: 2, maxEventAge: Duration.hours(6), onFailure });
}
