import { Duration, Validations } from "aws-cdk-lib";
import type { Function as LambdaFunction, IDestination } from "aws-cdk-lib/aws-lambda";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";

/**
 * Where Lambda puts the events of asynchronous callers, of EventBridge above all, that the administrators'
 * logout did not carry out to the end: a revocation must not get lost where nobody reads the answer.
 */
export function createRevocationFailures(scope: Construct, encryptionKey?: IKey): Queue {
  const queue = new Queue(scope, "revocation-failures", {
    // As long as SQS keeps anything: somebody has to find it, and mend the cause first.
    retentionPeriod: Duration.days(14),
    ...(encryptionKey
      ? { encryption: QueueEncryption.KMS, encryptionMasterKey: encryptionKey }
      : { encryption: QueueEncryption.SQS_MANAGED }),
    enforceSSL: true,
  });
  Validations.of(queue).acknowledge({
    id: "AwsSolutions-SQS3",
    reason: "The queue is itself where failures go; nothing but people takes messages from it.",
  });
  return queue;
}

/** The function's role must allow to send to the queue. */
export function deliverFailures(adminLogout: LambdaFunction, queue: Queue): void {
  // Not CDK's own `SqsDestination`: it grants by a second policy.
  const onFailure: IDestination = { bind: () => ({ destination: queue.queueArn }) };
  adminLogout.configureAsyncInvoke({ retryAttempts: 2, maxEventAge: Duration.hours(6), onFailure });
}
