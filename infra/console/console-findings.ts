import { DefaultStackSynthesizer, Stack, Token, Validations } from "aws-cdk-lib";
import type { Bucket, CfnBucket } from "aws-cdk-lib/aws-s3";
import type { BucketDeployment } from "aws-cdk-lib/aws-s3-deployment";
import type { IConstruct } from "constructs";

interface Finding {
  readonly id: string;
  readonly reason: string;
}

const OF_THE_BUCKET: readonly Finding[] = [
  {
    id: "AwsSolutions-S1",
    reason: "It holds the public page and nothing else, and only the distribution may read it.",
  },
];

const OF_THE_DISTRIBUTION: readonly Finding[] = [
  { id: "AwsSolutions-CFR1", reason: "Which countries people sign in from is not for a default to say." },
  {
    id: "AwsSolutions-CFR2",
    reason:
      "Sign-ins are throttled by the functions and the API's stage; a web ACL costs by the month and is " +
      "the deployer's choice.",
  },
  {
    id: "AwsSolutions-CFR3",
    reason:
      "Calls are logged by the API's stage and the functions; requests for the page's files tell " +
      "nothing worth keeping.",
  },
  {
    id: "AwsSolutions-CFR4",
    reason:
      "CloudFront's own certificate allows no minimum; with a certificate of one's own it is TLS 1.2 " +
      "(TLSv1.2_2021).",
  },
];

const OWN_OF_CDK = "CDK's own function that copies assets into the bucket at a deployment; ";
const OF_THE_DEPLOYMENT: readonly Finding[] = [
  { id: "AwsSolutions-L1", reason: `${OWN_OF_CDK}CDK chooses its runtime.` },
  {
    id: "AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]",
    reason: `${OWN_OF_CDK}CDK gives it this policy.`,
  },
];

/** What cdk-nag's AWS Solutions pack finds in the console, and why it stays. */
export function acknowledgeFindings(parts: {
  readonly bucket: Bucket;
  readonly distribution: IConstruct;
  readonly deployment: BucketDeployment;
}): void {
  acknowledge(parts.bucket, OF_THE_BUCKET);
  acknowledge(parts.distribution, OF_THE_DISTRIBUTION);
  const provider = parts.deployment.handlerRole.node.scope;
  if (provider) acknowledge(provider, [...OF_THE_DEPLOYMENT, ...grantsOfTheDeployment(parts.bucket)]);
}

/** The actions with a wildcard that CDK's read and write grants consist of. */
const GRANTED = ["s3:GetObject*", "s3:GetBucket*", "s3:List*", "s3:DeleteObject*", "s3:Abort*"];

/** The pack tells each action and resource from the others, and takes no acknowledgement for all. */
function grantsOfTheDeployment(bucket: Bucket): readonly Finding[] {
  const stack = Stack.of(bucket);
  const qualifier = stack.synthesizer.bootstrapQualifier ?? DefaultStackSynthesizer.DEFAULT_QUALIFIER;
  const account = Token.isUnresolved(stack.account) ? "<AWS::AccountId>" : stack.account;
  const region = Token.isUnresolved(stack.region) ? "<AWS::Region>" : stack.region;
  const pages = stack.getLogicalId(bucket.node.defaultChild as CfnBucket);
  const findings = [
    ...GRANTED.map((action) => `Action::${action}`),
    `Resource::<${pages}.Arn>/*`,
    `Resource::arn:<AWS::Partition>:s3:::cdk-${qualifier}-assets-${account}-${region}/*`,
  ];
  return findings.map((finding) => ({
    id: `AwsSolutions-IAM5[${finding}]`,
    reason: `${OWN_OF_CDK}it reads the assets' bucket and writes the page's, by CDK's own grants.`,
  }));
}

function acknowledge(scope: IConstruct, findings: readonly Finding[]): void {
  for (const finding of findings) Validations.of(scope).acknowledge(finding);
}
