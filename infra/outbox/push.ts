import { Duration, Names, type RemovalPolicy } from "aws-cdk-lib";
import {
  AppSyncAuthorizationType,
  AppSyncEventResource,
  Code,
  EventApi,
  type CfnApi,
} from "aws-cdk-lib/aws-appsync";
import { Policy, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { LogGroup, type RetentionDays } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";
import { NAMESPACE } from "../../src/outbox/names.ts";
import type { FunctionSettings } from "../../src/runtime/function-settings.ts";

/** An Event API that pages connect to, and that the outbox alone publishes on. */
export interface Push {
  readonly api: EventApi;
  readonly authorizer: LambdaFunction;
  /** What functions are told of it. */
  readonly settings: NonNullable<FunctionSettings["push"]>;
  /** What publishing on its one namespace is granted for. */
  readonly namespaceArns: readonly string[];
}

export interface PushProps {
  /** Its Lambda authorizer. It must know nothing of the API, or each would wait for the other. */
  readonly authorizer: LambdaFunction;
  readonly namePrefix?: string | undefined;
  readonly encryptionKey?: IKey | undefined;
  readonly logRetention: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
}

/**
 * What the authorizer has decided already, once more beside the channels: a change of the one does not
 * open the other. It runs on AppSync's own runtime, APPSYNC_JS.
 */
const HANDLERS = `import { util } from "@aws-appsync/utils";

export function onSubscribe(ctx) {
  const { path, segments } = ctx.info.channel;
  if (path.includes("*") || segments.length !== 2) util.unauthorized();
}
`;

const BY_LAMBDA = [AppSyncAuthorizationType.LAMBDA];
const BY_IAM = [AppSyncAuthorizationType.IAM];

/** AWS AppSync Events, without an API key: clients connect and subscribe by the authorizer, IAM publishes. */
export function createPush(scope: Construct, props: PushProps): Push {
  const { authorizer: handler, namePrefix } = props;
  const api = new EventApi(scope, "push", {
    apiName:
      namePrefix === undefined
        ? Names.uniqueResourceName(scope, { maxLength: 45, separator: "-" }) + "-push"
        : `${namePrefix}-push`,
    authorizationConfig: {
      authProviders: [
        {
          authorizationType: AppSyncAuthorizationType.LAMBDA,
          lambdaAuthorizerConfig: { handler, resultsCacheTtl: Duration.seconds(0) },
        },
        { authorizationType: AppSyncAuthorizationType.IAM },
      ],
      connectionAuthModeTypes: BY_LAMBDA,
      defaultSubscribeAuthModeTypes: BY_LAMBDA,
      defaultPublishAuthModeTypes: BY_IAM,
    },
  });
  api.addChannelNamespace(NAMESPACE, {
    code: Code.fromInline(HANDLERS),
    authorizationConfig: { subscribeAuthModeTypes: BY_LAMBDA, publishAuthModeTypes: BY_IAM },
  });
  writeErrors(scope, api, props);
  return {
    api,
    authorizer: handler,
    settings: {
      url: `wss://${api.realtimeDns}/event/realtime`,
      host: api.httpDns,
      publishUrl: `https://${api.httpDns}/event`,
    },
    namespaceArns: AppSyncEventResource.ofChannelNamespace(NAMESPACE).resourceArns(api),
  };
}

/**
 * Errors alone go to a log: at any other level AppSync writes the channels of all requests. Not the
 * `logConfig` of the API, which brings a function of CDK's to set the retention, and a role for every log.
 */
function writeErrors(scope: Construct, api: EventApi, props: PushProps): void {
  const { encryptionKey, logRetention, removalPolicy } = props;
  const log = new LogGroup(scope, "push-log", {
    // The one that AppSync writes to.
    logGroupName: `/aws/appsync/apis/${api.apiId}`,
    retention: logRetention,
    removalPolicy,
    ...(encryptionKey && { encryptionKey }),
  });
  const role = new Role(scope, "push-log-role", {
    assumedBy: new ServicePrincipal("appsync.amazonaws.com"),
    description: "Single session: the errors of push",
  });
  new Policy(scope, "push-log-policy", {
    roles: [role],
    statements: [
      new PolicyStatement({
        // AppSync asks for the log group before it looks whether there is one.
        actions: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
        resources: [log.logGroupArn],
      }),
    ],
  });
  const { defaultChild: resource } = api.node;
  (resource as CfnApi).addPropertyOverride("EventConfig.LogConfig", {
    CloudWatchLogsRoleArn: role.roleArn,
    LogLevel: "ERROR",
  });
}
