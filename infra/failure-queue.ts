import { Duration, Validations } from "aws-cdk-lib";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";

/** A queue of what failed for good: it waits there for an operator. */
export function createFailureQueue(scope: Construct, id: string, encryptionKey?: IKey): Queue {
  const queue = new Queue(scope, id, {
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
