import { Duration, Stack, Token, Validations, type RemovalPolicy } from "aws-cdk-lib";
import type { EventBus, IEventBus } from "aws-cdk-lib/aws-events";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { BlockPublicAccess, Bucket, BucketEncryption } from "aws-cdk-lib/aws-s3";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { createFailureQueue } from "../failure-queue.ts";
import { SettingError } from "../settings/setting-error.ts";

/** Where the outbox tells, and where that goes which it cannot tell. */
export interface OutboxTargets {
  /** `default`, or the ARN of a bus. */
  readonly bus: string;
  readonly busArn: string;
  /** Finished events that the bus did not take. */
  readonly untold: Queue;
  /** Batches of changes that the function did not survive: Lambda itself puts them there. */
  readonly crashes: Bucket;
  /** The resources of the namespace whose channels get hints, where push is on. */
  readonly namespaceArns: readonly string[];
}

export interface TargetProps {
  readonly bus?: EventBus | IEventBus | undefined;
  readonly encryptionKey?: IKey | undefined;
  readonly removalPolicy: RemovalPolicy;
  readonly namespaceArns: readonly string[];
}

/**
 * Makes what the outbox tells beside the bus, which is there.
 * @throws {@link SettingError} where the bus is of another Region.
 */
export function createTargets(scope: Construct, props: TargetProps): OutboxTargets {
  const { bus, encryptionKey, namespaceArns } = props;
  mustBeNear(scope, bus);
  const ownArn = () =>
    Stack.of(scope).formatArn({ service: "events", resource: "event-bus", resourceName: DEFAULT_BUS });
  return {
    bus: bus?.eventBusArn ?? DEFAULT_BUS,
    busArn: bus?.eventBusArn ?? ownArn(),
    untold: createFailureQueue(scope, "untold-events", encryptionKey),
    crashes: createCrashesBucket(scope, props),
    namespaceArns,
  };
}

const DEFAULT_BUS = "default";

/** `PutEvents` knows the buses of its own Region; from there a rule sends events on to another one's. */
function mustBeNear(scope: Construct, bus: TargetProps["bus"]): void {
  const { region } = Stack.of(scope);
  const of = (bus as Partial<IEventBus> | undefined)?.env?.region;
  if (of === undefined || of === region || Token.isUnresolved(of) || Token.isUnresolved(region)) return;
  const accepted = `one of ${region}, where the functions are; a rule of its own can send events on`;
  throw new SettingError(`events.bus (prop) is a bus of the Region ${of}`, accepted);
}

/** As long as the queue keeps what it has. */
const KEPT = Duration.days(14);

/**
 * A queue or a topic would get pointers into the stream only, which are worthless once it has forgotten the
 * records; a bucket gets the records. They hold sessions whole, with address and channel.
 */
function createCrashesBucket(scope: Construct, { encryptionKey, removalPolicy }: TargetProps): Bucket {
  const bucket = new Bucket(scope, "outbox-crashes", {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    ...(encryptionKey
      ? { encryption: BucketEncryption.KMS, encryptionKey, bucketKeyEnabled: true }
      : { encryption: BucketEncryption.S3_MANAGED }),
    lifecycleRules: [{ expiration: KEPT, abortIncompleteMultipartUploadAfter: Duration.days(1) }],
    removalPolicy,
  });
  Validations.of(bucket).acknowledge({
    id: "AwsSolutions-S1",
    reason:
      "Lambda alone writes there, and only after a crash; who reads it is in CloudTrail's data events, " +
      "where those are on.",
  });
  return bucket;
}
