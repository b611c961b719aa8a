import { Alarm } from "aws-cdk-lib/aws-cloudwatch";
import { describe, expect, it } from "vitest";
import { constructIn, resourceOf, resourcesOf } from "./support.ts";

const { stack, sessions } = constructIn();
const QUEUE = "Sessionsrevocationfailures";

describe("events that the administrators' logout did not carry out", () => {
  it("are tried twice more and then go to the queue, of this function alone", () => {
    const configs = Object.values(resourcesOf(stack, "AWS::Lambda::EventInvokeConfig"));
    const adminLogout = resourceOf(stack, "AWS::Lambda::Function", "Sessionsadminlogout").id;
    const queue = resourceOf(stack, "AWS::SQS::Queue", QUEUE).id;
    expect(configs.map(({ Properties }) => Properties)).toEqual([
      {
        FunctionName: { Ref: adminLogout },
        Qualifier: "$LATEST",
        MaximumRetryAttempts: 2,
        MaximumEventAgeInSeconds: 21_600,
        DestinationConfig: { OnFailure: { Destination: { "Fn::GetAtt": [queue, "Arn"] } } },
      },
    ]);
  });

  it("are kept encrypted, for as long as SQS keeps anything, and travel encrypted only", () => {
    const { Properties } = resourceOf(stack, "AWS::SQS::Queue", QUEUE);
    expect(Properties).toMatchObject({ SqsManagedSseEnabled: true, MessageRetentionPeriod: 1_209_600 });
    const policy = Object.values(resourcesOf(stack, "AWS::SQS::QueuePolicy"));
    expect(JSON.stringify(policy)).toContain('"aws:SecureTransport":"false"');
  });

  it("can have an alarm", () => {
    const mine = constructIn();
    new Alarm(mine.stack, "Lost", {
      metric: mine.sessions.revocationFailures.metricApproximateNumberOfMessagesVisible(),
      threshold: 1,
      evaluationPeriods: 1,
    });
    expect(Object.keys(resourcesOf(mine.stack, "AWS::CloudWatch::Alarm"))).toHaveLength(1);
    expect(sessions.revocationFailures.queueArn).toBeDefined();
  });
});
