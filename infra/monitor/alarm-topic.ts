import { Annotations, Stack } from "aws-cdk-lib";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Topic, type ITopic } from "aws-cdk-lib/aws-sns";
import type { Construct } from "constructs";

/** Acknowledge it by this id, where the alarms are only to be looked at. */
const TARGET_NOTE = "serverless-single-session:alarmTopic";
/** Acknowledge it by this id, where the topic's own policy is the default one, or allows CloudWatch. */
const POLICY_NOTE = "serverless-single-session:alarmTopicPolicy";

/** Alarms without a target look as if somebody were told. */
export function noteMissingTarget(scope: Construct): void {
  Annotations.of(scope).addInfoV2(
    TARGET_NOTE,
    "The alarms of monitor() notify nobody: alarmTopic is not given. They show their state in " +
      "CloudWatch only.",
  );
}

/** The topic, which CloudWatch may publish to. */
export function alarmTopic(scope: Construct, id: string, given: ITopic | string): ITopic {
  const topic = typeof given === "string" ? Topic.fromTopicArn(scope, id, given) : given;
  allowAlarms(scope, topic);
  return topic;
}

/**
 * A topic that has any policy, for TLS only say, has lost the default one that lets CloudWatch in; and a key
 * of one's own lets no service in by itself. An alarm that cannot publish says so nowhere but in its history.
 */
function allowAlarms(scope: Construct, topic: ITopic): void {
  const principals = [new ServicePrincipal("cloudwatch.amazonaws.com")];
  const conditions = { StringEquals: { "aws:SourceAccount": Stack.of(scope).account } };
  const publish = { principals, actions: ["sns:Publish"], resources: [topic.topicArn], conditions };
  const use = { principals, actions: ["kms:Decrypt", "kms:GenerateDataKey*"], resources: ["*"], conditions };
  const added = [
    topic.addToResourcePolicy(new PolicyStatement(publish)),
    ...(topic.masterKey ? [topic.masterKey.addToResourcePolicy(new PolicyStatement(use))] : []),
  ];
  if (added.every(({ statementAdded }) => statementAdded)) return;
  Annotations.of(scope).addInfoV2(
    POLICY_NOTE,
    "alarmTopic or its key is imported. The topic's policy must let cloudwatch.amazonaws.com publish, " +
      "as the default one does; a key of your own must allow it kms:Decrypt and kms:GenerateDataKey.",
  );
}
