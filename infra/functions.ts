import { Duration, Stack, Validations, type RemovalPolicy } from "aws-cdk-lib";
import type { IVpc } from "aws-cdk-lib/aws-ec2";
import { Policy, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import {
  ApplicationLogLevel,
  Architecture,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
  Tracing,
} from "aws-cdk-lib/aws-lambda";
import { LogGroup, type RetentionDays } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";
import { hasAccessTokens } from "../src/identity/oidc-settings.ts";
import { ENVIRONMENT } from "../src/runtime/function-settings.ts";
import { baselineStatements, type BaselineProps } from "./baseline.ts";
import { limitEnvironment } from "./environment-size.ts";
import { bundledCode } from "./bundle.ts";
import {
  ACTIVITY,
  JOBS,
  RUN_JOB,
  OUTBOX,
  PUSH_AUTHORIZE,
  RECOUNT,
  type FUNCTION_IDS,
  type FunctionId,
  type OptionalFunctionId,
} from "./function-ids.ts";
import { SECONDS_OF_COMMIT, SIZES } from "./function-sizes.ts";
import type { OutboxTargets } from "./outbox/targets.ts";
import { pathInStack } from "./operators-output.ts";
import { statementsFor, type Access, type Tables } from "./permissions.ts";
import type { BoundAccess } from "./sign-in-permissions.ts";
import type { Settings } from "./settings/settings.ts";

/** The functions of one construct. */
export type Functions = Readonly<
  Record<(typeof FUNCTION_IDS)[number], LambdaFunction> & Partial<Record<OptionalFunctionId, LambdaFunction>>
>;

/** The functions that write to the activity table, or read it. */
const USES_ACTIVITY: readonly FunctionId[] = [
  ...(["login", "login-oidc", "admin-logout", "end-session", "jobs"] as const),
  ...([OUTBOX, RECOUNT, ACTIVITY] as const),
];

/** What all functions of one construct share. */
export interface FunctionContext {
  readonly tables: Tables;
  readonly settings: Settings;
  readonly baseline: BaselineProps;
  readonly logRetention: RetentionDays;
  /** What becomes of the logs when the stack goes. */
  readonly removalPolicy: RemovalPolicy;
  /** For the outbox alone. */
  readonly targets?: OutboxTargets;
  /** For the calls about jobs alone: the function that logs out lists. */
  readonly runJob?: LambdaFunction;
}

/**
 * What the metrics of a construct's functions are told apart by: no two constructs of an account and Region
 * have the same.
 */
export const deploymentOf = (scope: Construct): string =>
  `${Stack.of(scope).stackName}/${pathInStack(scope)}`;

/** Creates one function with a log, a role and an environment of its own. */
export function createFunction(scope: Construct, id: FunctionId, context: FunctionContext): LambdaFunction {
  const { memoryMb, timeoutSeconds, signsIn = false, durableDays } = SIZES[id];
  const { tables, settings, baseline, targets, runJob } = context;
  const { encryptionKey, vpc, vpcSubnets, securityGroups, tracing, namePrefix } = baseline;
  const own = baseline.functionOptions?.[id] ?? {};
  const bound = boundAccess(settings);
  const admits = bound?.firstUse === true && (id === "validate" || id === "authorize");
  const policyFile = signsIn || admits ? settings.policyModule?.file : undefined;
  const logGroup = new LogGroup(scope, `${id}-log`, {
    retention: context.logRetention,
    removalPolicy: context.removalPolicy,
    ...(encryptionKey && { encryptionKey }),
  });
  const access = { tables, idTokens: settings.identity.oidc.length > 0, bound, targets, runJob };
  const { role, policy } = createRole(scope, id, logGroup, access, baselineStatements(scope, id, baseline));
  if (vpc) acknowledgeEverything(policy, "EC2 takes no resource for the network interfaces of a VPC.");
  const lambda = new LambdaFunction(scope, id, {
    description: `Single session: ${id}`,
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    code: bundledCode({ id, bound: bound !== undefined, ...(policyFile !== undefined && { policyFile }) }),
    handler: "index.handler",
    memorySize: own.memorySize ?? memoryMb,
    ...(own.reservedConcurrentExecutions !== undefined && {
      reservedConcurrentExecutions: own.reservedConcurrentExecutions,
    }),
    ...(namePrefix !== undefined && { functionName: `${namePrefix}-${id}` }),
    ...(encryptionKey && { environmentEncryption: encryptionKey }),
    ...(vpc && { vpc: vpc as IVpc }),
    ...(vpcSubnets && { vpcSubnets }),
    ...(securityGroups && { securityGroups: [...securityGroups] }),
    ...(tracing !== undefined && { tracing }),
    timeout: Duration.seconds(admits ? SECONDS_OF_COMMIT : timeoutSeconds),
    role,
    logGroup,
    // Lambda's own START, END and REPORT would be most of what a validation writes: a system log level is
    // theirs alone, and JSON is the format that has one. The functions' lines have their level in the
    // functions, since Lambda's would drop metrics and audit lines with the rest.
    loggingFormat: LoggingFormat.JSON,
    systemLogLevelV2: SystemLogLevel.WARN,
    applicationLogLevelV2: ApplicationLogLevel.INFO,
    environment: environmentOf(scope, id, context),
    ...(durableDays !== undefined && {
      // What came of a list is in the jobs table; the history is for who looks for a fault.
      durableConfig: { executionTimeout: Duration.days(durableDays), retentionPeriod: Duration.days(7) },
    }),
  });
  if (tracing === Tracing.ACTIVE) acknowledgeEverything(role, "X-Ray takes no resource for segments.");
  limitEnvironment(lambda, settings);
  // The first invocation must not come before the permission for it.
  lambda.node.addDependency(policy);
  return lambda;
}

function environmentOf(scope: Construct, id: FunctionId, context: FunctionContext): Record<string, string> {
  const { logLevel } = context.baseline;
  return {
    [ENVIRONMENT.deployment]: deploymentOf(scope),
    POWERTOOLS_SERVICE_NAME: id,
    POWERTOOLS_METRICS_NAMESPACE: "SingleSession",
    ...(logLevel !== undefined && { [ENVIRONMENT.logLevel]: logLevel }),
    // The settings name the Event API, which cannot be made before its authorizer.
    ...(id === PUSH_AUTHORIZE ? {} : storeEnvironment(scope, id, context)),
  };
}

function storeEnvironment(
  scope: Construct,
  id: FunctionId,
  { tables, settings, targets, runJob }: FunctionContext,
): Record<string, string> {
  const { readsDirectory, signsIn = false } = SIZES[id];
  const usesSignIns = signsIn || (boundAccess(settings) !== undefined && id !== OUTBOX && id !== RECOUNT);
  const { region, urlSuffix } = Stack.of(scope);
  return {
    [ENVIRONMENT.sessionsTable]: tables.sessions.tableName,
    ...(readsDirectory && tables.users ? { [ENVIRONMENT.usersTable]: tables.users.tableName } : {}),
    ...(usesSignIns && tables.signIn ? { [ENVIRONMENT.signInTable]: tables.signIn.tableName } : {}),
    ...(tables.activity && USES_ACTIVITY.includes(id)
      ? { [ENVIRONMENT.activityTable]: tables.activity.tableName }
      : {}),
    ...((id === RUN_JOB || id === JOBS) && tables.jobs
      ? { [ENVIRONMENT.jobsTable]: tables.jobs.tableName }
      : {}),
    ...(runJob && { [ENVIRONMENT.runJobFunction]: runJob.functionName }),
    [ENVIRONMENT.settings]: Stack.of(scope).toJsonString(settings.functions),
    // The SDK's rules would give the same address; they are a tenth of a bundle, and run for each request.
    AWS_ENDPOINT_URL_DYNAMODB: `https://dynamodb.${region}.${urlSuffix}`,
    ...(targets && {
      [ENVIRONMENT.eventBus]: targets.bus,
      [ENVIRONMENT.untoldEvents]: targets.untold.queueUrl,
    }),
  };
}

/** What callers with a provider's access tokens may do; `undefined` where no source has `accessTokens`. */
function boundAccess({ identity }: Settings): BoundAccess | undefined {
  const sources = identity.oidc.filter(hasAccessTokens);
  if (sources.length === 0) return undefined;
  return { firstUse: sources.some(({ accessTokens }) => accessTokens.admit !== "login") };
}

/**
 * A role with exactly the statements of its function; the managed policy would let it write to every log of
 * the account.
 */
function createRole(
  scope: Construct,
  id: FunctionId,
  logGroup: LogGroup,
  access: Access,
  more: readonly PolicyStatement[],
): { readonly role: Role; readonly policy: Policy } {
  const role = new Role(scope, `${id}-role`, {
    assumedBy: new ServicePrincipal("lambda.amazonaws.com"),
    description: `Single session: ${id}`,
  });
  const policy = new Policy(scope, `${id}-policy`, {
    roles: [role],
    statements: [
      new PolicyStatement({
        actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
        resources: [logGroup.logGroupArn],
      }),
      ...statementsFor(id, access),
      ...more,
    ],
  });
  return { role, policy };
}

const acknowledgeEverything = (scope: Construct, reason: string): void =>
  Validations.of(scope).acknowledge({ id: "AwsSolutions-IAM5[Resource::*]", reason });
