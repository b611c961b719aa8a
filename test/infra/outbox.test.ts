import { Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { EventBus } from "aws-cdk-lib/aws-events";
import { describe, expect, it } from "vitest";
import { SingleSession, type SingleSessionProps } from "../../infra/index.ts";
import { STREAM_FILTERS } from "../../src/outbox/names.ts";
import {
  asList,
  constructIn,
  newApp,
  resourceOf,
  resourcesOf,
  settingsOf,
  WITHOUT_CODE,
  type Statement,
} from "./support.ts";

const MAPPING = "AWS::Lambda::EventSourceMapping";
const { stack, sessions } = constructIn();
const tableId = resourceOf(stack, "AWS::DynamoDB::Table", "Sessionssessionstable").id;
const bucket = resourceOf(stack, "AWS::S3::Bucket");

const typesOf = (props: SingleSessionProps): string[] => {
  const { Resources } = Template.fromStack(constructIn(props).stack).toJSON() as {
    Resources: Record<string, { readonly Type: string }>;
  };
  return Object.values(Resources).map(({ Type }) => Type);
};

function policyOf(own: Stack, id: string): readonly Statement[] {
  const { PolicyDocument } = resourceOf(own, "AWS::IAM::Policy", id).Properties as {
    PolicyDocument: { Statement: Statement[] };
  };
  return PolicyDocument.Statement;
}

const resourceFor = (own: Stack, action: string): unknown =>
  policyOf(own, "Sessionsoutboxpolicy").find(({ Action }) => asList(Action).includes(action))?.Resource;

describe("the mapping of the table's stream", () => {
  it("hands the outbox session items that were made or removed, at once, and all that the stream still has", () => {
    expect(resourceOf(stack, MAPPING).Properties).toEqual({
      EventSourceArn: { "Fn::GetAtt": [tableId, "StreamArn"] },
      FunctionName: { Ref: resourceOf(stack, "AWS::Lambda::Function", "Sessionsoutbox").id },
      FilterCriteria: { Filters: STREAM_FILTERS.map((pattern) => ({ Pattern: JSON.stringify(pattern) })) },
      StartingPosition: "TRIM_HORIZON",
      BatchSize: 100,
      MaximumBatchingWindowInSeconds: 0,
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 20,
      DestinationConfig: { OnFailure: { Destination: { "Fn::GetAtt": [bucket.id, "Arn"] } } },
    });
  });

  it("reads a stream that has old and new images, which tables have had before there was an outbox", () => {
    const table = (props: SingleSessionProps) =>
      resourceOf(constructIn(props).stack, "AWS::DynamoDB::Table", "Sessionssessionstable");
    expect(table({}).Properties["StreamSpecification"]).toEqual({ StreamViewType: "NEW_AND_OLD_IMAGES" });
    // So turning events on or off replaces no table.
    expect(table({})).toEqual(table({ events: false }));
  });
});

describe("what the outbox cannot tell", () => {
  it("is kept for two weeks, encrypted, and closed to the public", () => {
    expect(resourceOf(stack, "AWS::SQS::Queue", "Sessionsuntoldevents").Properties).toEqual({
      MessageRetentionPeriod: 14 * 24 * 60 * 60,
      SqsManagedSseEnabled: true,
    });
    expect(bucket.Properties).toMatchObject({
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }],
      },
      LifecycleConfiguration: { Rules: [{ ExpirationInDays: 14, Status: "Enabled" }] },
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
    });
  });

  it("is found by the operators' commands", () => {
    const { Outputs } = Template.fromStack(stack).toJSON() as { Outputs: Record<string, unknown> };
    const queue = resourceOf(stack, "AWS::SQS::Queue", "Sessionsuntoldevents").id;
    expect(JSON.stringify(Outputs)).toContain(
      `\\"untoldEvents\\":\\"",{"Ref":"${queue}"},"\\",\\"eventBus\\":\\"default\\"`,
    );
  });
});

describe("push", () => {
  const { id, Properties } = resourceOf(stack, "AWS::AppSync::Api");
  const authorizer = resourceOf(stack, "AWS::Lambda::Function", "Sessionspushauthorize").id;
  const BY_LAMBDA = [{ AuthType: "AWS_LAMBDA" }];
  const BY_IAM = [{ AuthType: "AWS_IAM" }];

  it("lets clients connect and subscribe by the authorizer, asked each time, and IAM publish; no key", () => {
    expect(Properties["EventConfig"]).toEqual({
      AuthProviders: [
        {
          AuthType: "AWS_LAMBDA",
          LambdaAuthorizerConfig: {
            AuthorizerUri: { "Fn::GetAtt": [authorizer, "Arn"] },
            AuthorizerResultTtlInSeconds: 0,
          },
        },
        { AuthType: "AWS_IAM" },
      ],
      ConnectionAuthModes: BY_LAMBDA,
      DefaultSubscribeAuthModes: BY_LAMBDA,
      DefaultPublishAuthModes: BY_IAM,
      LogConfig: {
        LogLevel: "ERROR",
        CloudWatchLogsRoleArn: {
          "Fn::GetAtt": [resourceOf(stack, "AWS::IAM::Role", "Sessionspushlogrole").id, "Arn"],
        },
      },
    });
    expect(resourcesOf(stack, "AWS::AppSync::ApiKey")).toEqual({});
    expect(resourceOf(stack, "AWS::AppSync::ChannelNamespace").Properties).toMatchObject({
      Name: "sessions",
      SubscribeAuthModes: BY_LAMBDA,
      PublishAuthModes: BY_IAM,
    });
  });

  it("may invoke the authorizer, which nobody else may", () => {
    const permissions = Object.values(resourcesOf(stack, "AWS::Lambda::Permission")).map(
      (permission) => permission.Properties,
    );
    expect(
      permissions.filter(({ FunctionName }) => JSON.stringify(FunctionName).includes(authorizer)),
    ).toEqual([
      {
        Action: "lambda:InvokeFunction",
        FunctionName: { "Fn::GetAtt": [authorizer, "Arn"] },
        Principal: "appsync.amazonaws.com",
        SourceArn: { "Fn::GetAtt": [id, "ApiArn"] },
      },
    ]);
  });

  it("writes its errors to a log of its own, kept as long as the functions', and to no other", () => {
    const log = resourceOf(stack, "AWS::Logs::LogGroup", "Sessionspushlog");
    expect(log.Properties).toEqual({
      LogGroupName: { "Fn::Join": ["", ["/aws/appsync/apis/", { "Fn::GetAtt": [id, "ApiId"] }]] },
      RetentionInDays: 90,
    });
    expect(policyOf(stack, "Sessionspushlogpolicy").map(({ Resource }) => Resource)).toEqual([
      { "Fn::GetAtt": [log.id, "Arn"] },
    ]);
  });

  it("is published by the outbox alone, and on the one namespace", () => {
    const policies = Object.entries(resourcesOf(stack, "AWS::IAM::Policy"));
    const publishing = policies.filter(([, policy]) => JSON.stringify(policy).includes("appsync:"));
    expect(publishing.map(([name]) => name.replace(/[0-9A-F]{8}$/, ""))).toEqual(["Sessionsoutboxpolicy"]);
    expect(JSON.stringify(resourceFor(stack, "appsync:EventPublish"))).toMatch(
      /"\/channelNamespace\/sessions"\]\]\}$/,
    );
  });

  it("is told to the functions, and not to the guard in other people's", () => {
    expect(settingsOf(stack)["push"]).toEqual({
      url: expect.stringMatching(/^wss:\/\/.+-dns-realtime\.invalid\/event\/realtime$/) as string,
      host: expect.stringMatching(/-dns-http\.invalid$/) as string,
      publishUrl: expect.stringMatching(/^https:\/\/.+-dns-http\.invalid\/event$/) as string,
    });
    expect(sessions.guardSettings).not.toContain("push");
  });
});

describe("onSubscribe of the namespace", () => {
  const { CodeHandlers: code } = resourceOf(stack, "AWS::AppSync::ChannelNamespace").Properties as {
    CodeHandlers: string;
  };

  it.each([
    ["/sessions/abc", true],
    ["/sessions/*", false],
    ["/sessions/abc*", false],
    ["/sessions", false],
    ["/sessions/abc/*", false],
    ["/sessions/abc/def", false],
  ])("of %s: admitted %s", async (path, isAdmitted) => {
    const util = 'const util = { unauthorized() { throw new Error("unauthorized"); } };';
    const module = `${util}${code.replace(/^import .*$/m, "")}`;
    const { onSubscribe } = (await import(`data:text/javascript,${encodeURIComponent(module)}`)) as {
      onSubscribe: (context: object) => void;
    };
    const context = { info: { channel: { path, segments: path.split("/").slice(1) } } };
    const subscribe = () => onSubscribe(context);
    if (isAdmitted) expect(subscribe).not.toThrow();
    else expect(subscribe).toThrow("unauthorized");
  });
});

describe("the setting events", () => {
  it("makes no Event API and no channel without push", () => {
    const { stack: own, sessions: quiet } = constructIn({ events: { push: false } });
    expect(typesOf({ events: { push: false } }).filter((type) => type.includes("AppSync"))).toEqual([]);
    expect(settingsOf(own)).not.toHaveProperty("push");
    expect(resourceFor(own, "appsync:EventPublish")).toBeUndefined();
    expect(quiet.eventApi).toBeUndefined();
    expect(quiet.untoldEvents).toBeDefined();
  });

  it("makes nothing of it where it is false", () => {
    const types = typesOf({ events: false });
    for (const type of [MAPPING, "AWS::S3::Bucket", "AWS::AppSync::Api"]) expect(types).not.toContain(type);
    const off = constructIn({ events: false });
    expect(off.sessions).toMatchObject({ outboxFunction: undefined, untoldEvents: undefined });
    expect(settingsOf(off.stack)).not.toHaveProperty("push");
    expect(JSON.stringify(Template.fromStack(off.stack).toJSON())).not.toContain("untoldEvents");
  });

  it("tells a bus of one's own and no other", () => {
    const own = new Stack(newApp(WITHOUT_CODE), "Mine");
    const bus = new EventBus(own, "Bus");
    new SingleSession(own, "Sessions", { events: { bus } });
    const arn = { "Fn::GetAtt": [resourceOf(own, "AWS::Events::EventBus").id, "Arn"] };
    expect(resourceFor(own, "events:PutEvents")).toEqual(arn);
    const { Environment } = resourceOf(own, "AWS::Lambda::Function", "Sessionsoutbox").Properties as {
      Environment: { Variables: Record<string, unknown> };
    };
    expect(Environment.Variables["EVENT_BUS"]).toEqual(arn);
  });

  it("takes a bus of another account by its ARN", () => {
    const own = new Stack(newApp(WITHOUT_CODE), "Mine");
    const arn = "arn:aws:events:eu-central-1:210987654321:event-bus/central";
    new SingleSession(own, "Sessions", { events: { bus: EventBus.fromEventBusArn(own, "Bus", arn) } });
    expect(resourceFor(own, "events:PutEvents")).toBe(arn);
  });

  it("refuses a bus of another Region, where its functions cannot put events", () => {
    const region = "eu-west-1";
    const own = new Stack(newApp(WITHOUT_CODE), "Mine", { env: { region } });
    const arn = "arn:aws:events:eu-central-1:210987654321:event-bus/central";
    const bus = EventBus.fromEventBusArn(own, "Bus", arn);
    expect(() => new SingleSession(own, "Sessions", { events: { bus } })).toThrow(
      `events.bus (prop) is a bus of the Region eu-central-1. Accepted: one of ${region}`,
    );
  });

  it("gives the secret of a CDN to no function that answers no call", () => {
    const { stack: own, sessions: behindCdn } = constructIn();
    behindCdn.originSecret();
    for (const [id, { Properties }] of Object.entries(resourcesOf(own, "AWS::Lambda::Function"))) {
      const answersCalls = !/^Sessions(outbox|pushauthorize|recount|runjob)/.test(id);
      expect(JSON.stringify(Properties).includes("ORIGIN_SECRET"), id).toBe(answersCalls);
    }
  });
});
