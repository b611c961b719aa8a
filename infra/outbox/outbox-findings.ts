import { Stack, Validations, type CfnElement } from "aws-cdk-lib";
import type { Table } from "aws-cdk-lib/aws-dynamodb";
import type { Bucket } from "aws-cdk-lib/aws-s3";
import type { Construct, IConstruct } from "constructs";
import { OUTBOX } from "../function-ids.ts";

/** What cdk-nag's AWS Solutions pack finds in the outbox's policy, and why it stays. */
export function acknowledgeWildcards(
  scope: Construct,
  { sessions, crashes }: { readonly sessions: Table; readonly crashes: Bucket },
): void {
  const policy = Validations.of(scope.node.findChild(`${OUTBOX}-policy`));
  policy.acknowledge({
    id: `AwsSolutions-IAM5[Resource::<${logicalId(sessions)}.Arn>/stream/*]`,
    reason: "ListStreams is for the streams of a table, not for one of them.",
  });
  policy.acknowledge({
    id: `AwsSolutions-IAM5[Resource::<${logicalId(crashes)}.Arn>/*]`,
    reason: "Lambda names the objects, and nothing else is in the bucket.",
  });
}

const logicalId = (resource: IConstruct): string =>
  Stack.of(resource).getLogicalId(resource.node.defaultChild as CfnElement);
