/**
 * A CDK app for the tests of the local stack's stream, bus, queue and push: a table whose changes reach a
 * function, which tells a bus and a channel of them.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, CfnOutput, Duration, Fn, Stack } from "aws-cdk-lib";
import { AppSyncAuthorizationType, Code as HandlerCode, EventApi } from "aws-cdk-lib/aws-appsync";
import { AttributeType, StreamViewType, Table } from "aws-cdk-lib/aws-dynamodb";
import { EventBus, Rule } from "aws-cdk-lib/aws-events";
import { LambdaFunction as FunctionTarget } from "aws-cdk-lib/aws-events-targets";
import { Code, Function as LambdaFunction, Runtime, StartingPosition } from "aws-cdk-lib/aws-lambda";
import { S3OnFailureDestination } from "aws-cdk-lib/aws-lambda-event-sources";
import { Bucket, type IBucket } from "aws-cdk-lib/aws-s3";
import { Queue } from "aws-cdk-lib/aws-sqs";
import { buildSync } from "esbuild";

const bundle = mkdtempSync(join(tmpdir(), "outbox-bundle-"));
buildSync({
  entryPoints: [join(import.meta.dirname, "outbox-functions.ts")],
  outfile: join(bundle, "index.mjs"),
  bundle: true,
  platform: "node",
  format: "esm",
  banner: {
    js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
  },
});

const stack = new Stack(new App(), "Outbox");
const table = new Table(stack, "Things", {
  partitionKey: { name: "pk", type: AttributeType.STRING },
  timeToLiveAttribute: "ttl",
  stream: StreamViewType.NEW_AND_OLD_IMAGES,
});
const bus = new EventBus(stack, "Bus");
const queue = new Queue(stack, "Untold", { retentionPeriod: Duration.days(14) });

function addFunction(id: string, environment: Record<string, string> = {}): LambdaFunction {
  return new LambdaFunction(stack, id, {
    runtime: Runtime.NODEJS_24_X,
    code: Code.fromAsset(bundle),
    handler: `index.${id}`,
    timeout: Duration.seconds(5),
    memorySize: 256,
    environment,
  });
}

const authorizer = addFunction("authorize");
const api = new EventApi(stack, "Push", {
  apiName: "push",
  authorizationConfig: {
    authProviders: [
      {
        authorizationType: AppSyncAuthorizationType.LAMBDA,
        lambdaAuthorizerConfig: { handler: authorizer, resultsCacheTtl: Duration.seconds(0) },
      },
      { authorizationType: AppSyncAuthorizationType.IAM },
    ],
    connectionAuthModeTypes: [AppSyncAuthorizationType.LAMBDA],
    defaultSubscribeAuthModeTypes: [AppSyncAuthorizationType.LAMBDA],
    defaultPublishAuthModeTypes: [AppSyncAuthorizationType.IAM],
  },
});
api.addChannelNamespace("things", {
  code: HandlerCode.fromInline(
    [
      'import { util } from "@aws-appsync/utils";',
      "export function onSubscribe(ctx) {",
      '  if (ctx.info.channel.path.includes("*") || ctx.info.channel.segments.length !== 2) util.unauthorized();',
      "}",
    ].join("\n"),
  ),
});

const environment = {
  BUS: bus.eventBusName,
  QUEUE: queue.queueUrl,
  PUBLISH_URL: `https://${api.httpDns}/event`,
  HOST: api.httpDns,
  REALTIME_URL: `wss://${api.realtimeDns}/event/realtime`,
  BUS_NAME: Fn.select(1, Fn.split("/", Fn.select(5, Fn.split(":", bus.eventBusArn)))),
};
const consumer = addFunction("consume", environment);
table.grantStreamRead(consumer);
consumer.addEventSourceMapping("Changes", {
  eventSourceArn: table.tableStreamArn ?? "",
  startingPosition: StartingPosition.TRIM_HORIZON,
  batchSize: 5,
  bisectBatchOnError: true,
  reportBatchItemFailures: true,
  retryAttempts: 2,
  onFailure: new S3OnFailureDestination(new Bucket(stack, "Lost") as IBucket),
  filters: [{ pattern: JSON.stringify({ dynamodb: { Keys: { pk: { S: [{ prefix: "told#" }] } } } }) }],
});
addFunction("environment", environment);
const hear = addFunction("hear");
new Rule(stack, "OnThing", {
  eventBus: bus,
  eventPattern: {
    source: ["things"],
    detailType: ["Thing Changed"],
    detail: { pk: [{ prefix: "told#" }] as never },
  },
  targets: [new FunctionTarget(hear)],
});
new CfnOutput(stack, "ThingsTableName", { value: table.tableName });
new CfnOutput(stack, "QueueUrl", { value: queue.queueUrl });
// CDK copied it into the cloud assembly where each function was made.
rmSync(bundle, { recursive: true });
