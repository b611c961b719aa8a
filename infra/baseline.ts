import { Annotations, ArnFormat, Stack, Token } from "aws-cdk-lib";
import type { ISecurityGroup, IVpc, SubnetSelection, Vpc } from "aws-cdk-lib/aws-ec2";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { Tracing } from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";
import { LOG_LEVELS, type LogLevel } from "../src/runtime/function-settings.ts";
import { OUTBOX, PUSH_AUTHORIZE, type FunctionId } from "./function-ids.ts";
import { SettingError, type GivenSetting } from "./settings/setting-error.ts";
import { toOneOf, toWholeNumber } from "./settings/setting-values.ts";

/** What one function may have of its own. */
export interface SessionFunctionOptions {
  /**
   * Megabytes, 128 to 10,240. CPU comes in proportion.
   * @default what the function needs (`docs/design/cost.md`)
   */
  readonly memorySize?: number;
  /**
   * How many of it run at once at most; they are kept free for it. 0 switches the function off.
   * @default none: it shares what the account has
   */
  readonly reservedConcurrentExecutions?: number;
}

/** What an organization's baseline asks of every resource. */
export interface BaselineProps {
  /**
   * A key of your own for the tables, the logs, the functions' environment, the queues of failures, the
   * bucket of the outbox and the origin secret.
   * @default keys of AWS
   */
  readonly encryptionKey?: IKey;
  /**
   * The functions run in it. They need a way to DynamoDB (a gateway endpoint is free), to the identity
   * provider where there is an OIDC source, for `events` to EventBridge and SQS (interface endpoints), and
   * for push to AppSync, which takes the internet.
   * @default none
   */
  readonly vpc?: Vpc | IVpc;
  /** @default the VPC's private subnets */
  readonly vpcSubnets?: SubnetSelection;
  /** @default one security group for each function */
  readonly securityGroups?: readonly ISecurityGroup[];
  /**
   * X-Ray.
   * @default Tracing.DISABLED
   */
  readonly tracing?: Tracing;
  /** Memory and reserved concurrency by function: `{ login: { reservedConcurrentExecutions: 100 } }`. */
  readonly functionOptions?: Readonly<Partial<Record<FunctionId, SessionFunctionOptions>>>;
  /**
   * Gives functions and tables names of their own, such as `shop-login` and `shop-sessions`: a letter, then
   * up to 39 letters, digits and hyphens. Changing it in a deployment makes new, empty tables.
   * @default names that CloudFormation makes
   */
  readonly namePrefix?: string;
  /**
   * From which level on the functions write log lines. Each level writes also what is worse. Audit lines are
   * always written.
   * @default "INFO"
   */
  readonly logLevel?: LogLevel;
}

export const BASELINE_PROPS = [
  "encryptionKey",
  "vpc",
  "vpcSubnets",
  "securityGroups",
  "tracing",
  "functionOptions",
  "namePrefix",
  "logLevel",
] as const satisfies readonly (keyof BaselineProps)[];

const NAME_PREFIX = /^[A-Za-z][A-Za-z0-9-]{0,39}$/;
const ACCEPTED_SUBNETS = "a SubnetSelection, such as { subnetType: SubnetType.PRIVATE_ISOLATED }";
const OPTIONS = [
  "memorySize",
  "reservedConcurrentExecutions",
] as const satisfies readonly (keyof SessionFunctionOptions)[];

/**
 * The baseline, checked.
 * @param functionIds the functions that options may name.
 * @throws {@link SettingError}
 */
export function readBaseline(props: BaselineProps, functionIds: readonly FunctionId[]): BaselineProps {
  const { vpc, vpcSubnets, securityGroups, encryptionKey, tracing, namePrefix, logLevel, functionOptions } =
    props;
  for (const [name, value] of Object.entries({ vpcSubnets, securityGroups })) {
    if (value !== undefined && vpc === undefined)
      throw new SettingError(`${name} (prop) is given without vpc`, "vpc beside it");
  }
  mustHave("vpc", vpc, "vpcId", "a Vpc of aws-ec2");
  mustHave("encryptionKey", encryptionKey, "keyArn", "a Key of aws-kms");
  if (vpcSubnets !== undefined && (typeof vpcSubnets !== "object" || Array.isArray(vpcSubnets)))
    throw SettingError.forValue(given("vpcSubnets", vpcSubnets), ACCEPTED_SUBNETS);
  if (securityGroups !== undefined && !Array.isArray(securityGroups))
    throw SettingError.forValue(
      given("securityGroups", securityGroups),
      "a list of SecurityGroups of aws-ec2",
    );
  for (const [index, group] of (securityGroups ?? []).entries())
    mustHave(`securityGroups[${index}]`, group, "securityGroupId", "a SecurityGroup of aws-ec2");
  if (tracing !== undefined) toOneOf(given("tracing", tracing), Object.values(Tracing));
  if (logLevel !== undefined) toOneOf(given("logLevel", logLevel), LOG_LEVELS);
  if (namePrefix !== undefined && (Token.isUnresolved(namePrefix) || !NAME_PREFIX.test(namePrefix)))
    throw SettingError.forValue(
      given("namePrefix", namePrefix),
      "a letter, then up to 39 letters, digits and hyphens",
    );
  checkOptions(functionOptions ?? {}, functionIds);
  return props;
}

function mustHave(name: string, value: unknown, member: string, accepted: string): void {
  if (value === undefined || (typeof value === "object" && value !== null && member in value)) return;
  const found = value === null ? "null" : `of the type ${typeof value}`;
  throw new SettingError(`${name} (prop) is ${found}`, accepted);
}

const given = (name: string, value: unknown): GivenSetting => ({ name, source: "prop", value });

function checkOptions(options: object, functionIds: readonly FunctionId[]): void {
  for (const [id, option] of Object.entries(options) as [string, unknown][]) {
    const name = `functionOptions.${id}`;
    if (!(functionIds as readonly string[]).includes(id))
      throw new SettingError(`${name} (prop) names no function of these sessions`, functionIds.join(", "));
    if (typeof option !== "object" || option === null)
      throw SettingError.forValue(given(name, option), `an object of ${OPTIONS.join(", ")}`);
    const unknown = Object.keys(option).find((member) => !(OPTIONS as readonly string[]).includes(member));
    if (unknown !== undefined)
      throw new SettingError(`${name}.${unknown} (prop) is not a setting`, OPTIONS.join(", "));
    const { memorySize, reservedConcurrentExecutions } = option as SessionFunctionOptions;
    if (memorySize !== undefined) toWholeNumber(given(`${name}.memorySize`, memorySize), 128, 10_240);
    if (reservedConcurrentExecutions !== undefined)
      toWholeNumber(given(`${name}.reservedConcurrentExecutions`, reservedConcurrentExecutions), 0, 100_000);
  }
}

/** The services beside DynamoDB that a function reaches something encrypted in. */
const USES: Readonly<Partial<Record<FunctionId, readonly string[]>>> = {
  "admin-logout": ["sqs"],
  [OUTBOX]: ["sqs", "s3"],
};

/** What a function's role needs beside its own statements, because of the baseline. */
export function baselineStatements(
  scope: Construct,
  id: FunctionId,
  { vpc, encryptionKey }: BaselineProps,
): PolicyStatement[] {
  return [
    ...(encryptionKey && id !== PUSH_AUTHORIZE
      ? [keyStatement(scope, encryptionKey, ["dynamodb", ...(USES[id] ?? [])])]
      : []),
    ...(vpc
      ? [
          // Lambda makes the network interfaces with the function's role; EC2 takes no resource for most of
          // these.
          new PolicyStatement({
            actions: [
              "ec2:AssignPrivateIpAddresses",
              "ec2:CreateNetworkInterface",
              "ec2:DeleteNetworkInterface",
              "ec2:DescribeNetworkInterfaces",
              "ec2:DescribeSubnets",
              "ec2:UnassignPrivateIpAddresses",
            ],
            resources: ["*"],
          }),
        ]
      : []),
  ];
}

/**
 * Lets a role use a key by way of services: DynamoDB uses a table's key in the name of the caller, and SQS a
 * queue's.
 */
export function keyStatement(scope: Construct, key: IKey, services: readonly string[]): PolicyStatement {
  const { region, urlSuffix } = Stack.of(scope);
  return new PolicyStatement({
    actions: [
      "kms:Decrypt",
      "kms:DescribeKey",
      "kms:Encrypt",
      "kms:GenerateDataKey",
      "kms:ReEncryptFrom",
      "kms:ReEncryptTo",
    ],
    resources: [key.keyArn],
    conditions: {
      StringEquals: {
        "kms:ViaService": services.map((service) => `${service}.${region}.${urlSuffix}`),
      },
    },
  });
}

/**
 * Lets CloudWatch Logs use the key, for log groups of this account and Region; a key's own policy must say
 * so.
 */
export function allowLogs(scope: Construct, key: IKey): void {
  const stack = Stack.of(scope);
  const { statementAdded } = key.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal(`logs.${stack.region}.amazonaws.com`)],
      actions: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
      resources: ["*"],
      conditions: {
        ArnLike: {
          "kms:EncryptionContext:aws:logs:arn": stack.formatArn({
            service: "logs",
            resource: "log-group",
            resourceName: "*",
            arnFormat: ArnFormat.COLON_RESOURCE_NAME,
          }),
        },
      },
    }),
  );
  if (statementAdded) return;
  Annotations.of(scope).addWarningV2(
    "serverless-single-session:encryptionKeyPolicy",
    `The policy of the imported key must allow logs.${regionForReading(stack)}.amazonaws.com to use it, or the ` +
      "log groups cannot be made.",
  );
}

const regionForReading = ({ region }: Stack): string => (Token.isUnresolved(region) ? "<Region>" : region);
